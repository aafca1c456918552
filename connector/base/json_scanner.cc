#include "connector/base/json_scanner.h"

#include <array>
#include <string>

#include "connector/base/eight_bytes.h"
#include "connector/base/utf8.h"

namespace connector::json {

namespace {

bool is_hex(char c) {
  return ascii::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The bytes that a string may hold as they are: printable ASCII but " and backslash.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr auto plain = make_plain();

std::size_t plain_run(std::string_view text) {
  using namespace eight_bytes;
  return run(
      text,
      [](std::uint64_t eight) {
        return below(eight, 0x20) | equal(eight, '"') | equal(eight, '\\') | above_ascii(eight);
      },
      [](char c) { return !plain[static_cast<unsigned char>(c)]; });
}

}  // namespace

bool json_scanner::skip_string() {
  ++at;
  while (at < text_.size()) {
    at += plain_run(text_.substr(at));
    if (ended()) break;
    const char c = text_[at];
    if (c == '"') {
      ++at;
      return true;
    }
    if (c == '\\') {
      if (!skip_escape()) return false;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return fail("a control character inside a string");
    } else {
      const std::size_t length = utf8_length(text_.substr(at));
      if (length == 0) return fail("bytes that are not UTF-8");
      at += length;
    }
  }
  return fail("a string that does not end");
}

bool json_scanner::skip_value(std::size_t outer) {
  std::string open;
  for (;;) {
    skip_blanks();
    if (ended()) return fail("the text ends where a value is expected");
    const char c = text_[at];
    if (c == '{' || c == '[') {
      if (outer + open.size() >= limits_.depth) return fail("nested too deep");
      ++at;
      skip_blanks();
      const char close = c == '{' ? '}' : ']';
      if (!ended() && text_[at] == close) {
        ++at;
      } else {
        open += close;
        if (c == '{' && !skip_name()) return false;
        continue;
      }
    } else if (!skip_scalar(c)) {
      return false;
    }
    // A value is over: close what closes, or go on to the next one.
    for (;;) {
      if (open.empty()) return true;
      skip_blanks();
      if (ended()) return fail("the text ends inside an object or array");
      if (text_[at] == open.back()) {
        ++at;
        open.pop_back();
        continue;
      }
      if (!expect(',', "a comma or closing bracket is missing")) return false;
      if (open.back() == '}') {
        skip_blanks();
        if (!skip_name()) return false;
      }
      break;
    }
  }
}

bool json_scanner::skip_name() {
  if (ended() || text_[at] != '"') return fail("a member name in quotes is missing");
  if (!skip_string()) return false;
  skip_blanks();
  return expect(':', "a colon is missing after a member name");
}

bool json_scanner::skip_escape() {
  ++at;
  if (ended()) return fail("a string that does not end");
  const char c = text_[at];
  if (c == 'u') {
    for (std::size_t i = 1; i <= 4; ++i) {
      if (at + i >= text_.size() || !is_hex(text_[at + i])) return fail("a broken \\u escape");
    }
    at += 5;
    return true;
  }
  if (std::string_view("\"\\/bfnrt").find(c) == std::string_view::npos) {
    return fail("an unknown escape");
  }
  ++at;
  return true;
}

bool json_scanner::skip_scalar(char c) {
  switch (c) {
    case '"':
      return skip_string();
    case 't':
      return skip_word("true");
    case 'f':
      return skip_word("false");
    case 'n':
      return skip_word("null");
    default:
      return skip_number();
  }
}

bool json_scanner::skip_word(std::string_view word) {
  if (text_.substr(at, word.size()) != word) return fail("a value is expected");
  at += word.size();
  return true;
}

std::size_t json_scanner::skip_digits() {
  const std::size_t start = at;
  while (at < text_.size() && ascii::is_digit(text_[at])) ++at;
  return at - start;
}

bool json_scanner::skip_number() {
  const std::size_t start = at;
  const bool negative = text_[at] == '-';
  if (negative) ++at;
  const std::size_t digits_at = at;
  const std::size_t digits = skip_digits();
  if (digits == 0) return fail("a value is expected");
  if (digits > 1 && text_[digits_at] == '0') return fail("a number with a leading zero");
  bool integer = true;
  if (at < text_.size() && text_[at] == '.') {
    integer = false;
    ++at;
    if (skip_digits() == 0) return fail("a number without digits after its point");
  }
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    integer = false;
    ++at;
    if (at < text_.size() && (text_[at] == '+' || text_[at] == '-')) ++at;
    if (skip_digits() == 0) return fail("a number without digits in its exponent");
  }
  if (integer && limits_.integers_fit && !fits(text_.substr(digits_at, digits), negative)) {
    at = start;
    return fail(negative ? "an integer below -2^63" : "an integer above 2^64-1");
  }
  return true;
}

bool json_scanner::fits(std::string_view digits, bool negative) {
  const std::string_view most = negative ? "9223372036854775808" : "18446744073709551615";
  return digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
}

}  // namespace connector::json
