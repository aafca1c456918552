#include "connector/base/json_scan.h"

#include <array>

#include "connector/base/ascii.h"
#include "connector/base/utf8.h"

namespace connector::json {

namespace {

bool is_hex(char c) {
  return ascii::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Bytes that stand for themselves in a string: printable ASCII but " and backslash.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}
constexpr auto plain = make_plain();

// Walks over one value; `at` moves, `wrong` is set at the first fault.
class scanner {
 public:
  scanner(std::string_view text, const limits& limits) : text_(text), limits_(limits) {}

  std::size_t at = 0;
  std::optional<problem> wrong;

  void skip_blanks() {
    while (at < text_.size() && ascii::is_blank(text_[at])) ++at;
  }

  bool fail(std::string_view reason) {
    wrong = problem{at, reason};
    return false;
  }

  [[nodiscard]] bool ended() const { return at >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at]; }

  bool expect(char c, std::string_view reason) {
    if (ended() || text_[at] != c) return fail(reason);
    ++at;
    return true;
  }

  // A string token, its opening quote at `at`.
  bool skip_string() {
    ++at;
    while (at < text_.size()) {
      while (at < text_.size() && plain[static_cast<unsigned char>(text_[at])]) ++at;
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

  // One whole value. `outer` counts the levels around it. Iterative: the levels that are open are
  // kept in a list of their closing brackets.
  bool skip_value(std::size_t outer) {
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

  bool skip_name() {
    if (ended() || text_[at] != '"') return fail("a member name in quotes is missing");
    if (!skip_string()) return false;
    skip_blanks();
    return expect(':', "a colon is missing after a member name");
  }

 private:
  bool skip_escape() {
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

  bool skip_scalar(char c) {
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

  bool skip_word(std::string_view word) {
    if (text_.substr(at, word.size()) != word) return fail("a value is expected");
    at += word.size();
    return true;
  }

  std::size_t skip_digits() {
    const std::size_t start = at;
    while (at < text_.size() && ascii::is_digit(text_[at])) ++at;
    return at - start;
  }

  bool skip_number() {
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

  static bool fits(std::string_view digits, bool negative) {
    const std::string_view most = negative ? "9223372036854775808" : "18446744073709551615";
    return digits.size() < most.size() || (digits.size() == most.size() && digits <= most);
  }

  std::string_view text_;
  limits limits_;
};

}  // namespace

std::optional<problem> check(std::string_view text, const limits& limits) {
  scanner scan(text, limits);
  if (scan.skip_value(0)) {
    scan.skip_blanks();
    if (!scan.ended()) scan.fail("more text after the value");
  }
  return scan.wrong;
}

kind kind_of(std::string_view value) {
  value = ascii::trim(value);
  switch (value.empty() ? 'n' : value.front()) {
    case '{':
      return kind::object;
    case '[':
      return kind::array;
    case '"':
      return kind::string;
    case 't':
    case 'f':
      return kind::boolean;
    case 'n':
      return kind::null;
    default:
      return kind::number;
  }
}

members_result members(std::string_view object, const limits& limits) {
  members_result found;
  scanner scan(object, limits);
  const auto walk = [&] {
    scan.skip_blanks();
    if (!scan.expect('{', "an object is expected")) return;
    scan.skip_blanks();
    if (!scan.ended() && scan.peek() == '}') {
      ++scan.at;
    } else {
      for (;;) {
        scan.skip_blanks();
        const std::size_t name_at = scan.at;
        if (scan.ended() || scan.peek() != '"') {
          scan.fail("a member name in quotes is missing");
          return;
        }
        if (!scan.skip_string()) return;
        const std::size_t name_end = scan.at;
        scan.skip_blanks();
        if (!scan.expect(':', "a colon is missing after a member name")) return;
        scan.skip_blanks();
        const std::size_t value_at = scan.at;
        if (!scan.skip_value(1)) return;
        found.members.push_back({object.substr(name_at + 1, name_end - name_at - 2),
                                 object.substr(value_at, scan.at - value_at)});
        scan.skip_blanks();
        if (!scan.ended() && scan.peek() == '}') {
          ++scan.at;
          break;
        }
        if (!scan.expect(',', "a comma or closing bracket is missing")) return;
      }
    }
    scan.skip_blanks();
    if (!scan.ended()) scan.fail("more text after the value");
  };
  walk();
  found.wrong = scan.wrong;
  if (found.wrong) found.members.clear();
  return found;
}

std::optional<std::string_view> find(const std::vector<member>& members, std::string_view name) {
  for (auto it = members.rbegin(); it != members.rend(); ++it) {
    if (it->name == name) return it->value;
  }
  return std::nullopt;
}

std::vector<std::string_view> elements(std::string_view array, const limits& limits) {
  std::vector<std::string_view> found;
  scanner scan(array, limits);
  scan.skip_blanks();
  if (!scan.expect('[', "an array is expected")) return {};
  scan.skip_blanks();
  if (!scan.ended() && scan.peek() == ']') return {};
  for (;;) {
    scan.skip_blanks();
    const std::size_t start = scan.at;
    if (!scan.skip_value(1)) return {};
    found.push_back(array.substr(start, scan.at - start));
    scan.skip_blanks();
    if (!scan.ended() && scan.peek() == ']') return found;
    if (!scan.expect(',', "a comma or closing bracket is missing")) return {};
  }
}

std::string rewrite_strings(
    std::string_view text,
    const std::function<std::optional<std::string>(std::string_view token)>& rewrite) {
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2U : 1U;
    if (end >= text.size()) break;
    ++end;
    if (auto replacement = rewrite(text.substr(at, end - at))) {
      out.append(text.substr(copied, at - copied));
      out.append(*replacement);
      copied = end;
    }
    at = end;
  }
  out.append(text.substr(copied));
  return out;
}

}  // namespace connector::json
