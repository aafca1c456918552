#include "worker/feel/json_slices.h"

#include <cstdint>
#include <optional>

#include "connector/base/number.h"

namespace worker::feel {

std::size_t skip_json_blanks(std::string_view json, std::size_t at) {
  while (at < json.size() &&
         (json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t')) {
    ++at;
  }
  return at;
}

namespace {

std::size_t end_of_text(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return at < json.size() ? at + 1 : json.size();
}

// Of a number, true, false or null.
bool ends_word(char sign) {
  return sign == ',' || sign == '}' || sign == ']' || sign == ' ' || sign == '\n' || sign == '\r' ||
         sign == '\t';
}

}  // namespace

std::size_t end_of_value(std::string_view json, std::size_t at) {
  if (at >= json.size()) return at;
  if (json[at] == '"') return end_of_text(json, at);
  if (json[at] != '{' && json[at] != '[') {
    while (at < json.size() && !ends_word(json[at])) ++at;
    return at;
  }
  std::size_t open = 0;
  while (at < json.size()) {
    switch (json[at]) {
      case '"':
        at = end_of_text(json, at);
        continue;
      case '{':
      case '[':
        ++open;
        break;
      case '}':
      case ']':
        if (--open == 0) return at + 1;
        break;
      default:
        break;
    }
    ++at;
  }
  return at;
}

namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&out](std::uint32_t bits) { out += static_cast<char>(0x80 | (bits & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    tail(code);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    tail(code >> 6);
    tail(code);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    tail(code >> 12);
    tail(code >> 6);
    tail(code);
  }
}

// The four digits behind \u at `at`.
std::optional<std::uint32_t> unit_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  return connector::integer_in<std::uint32_t>(text.substr(at + 2, 4), 0, 0xffff, 16);
}

// `at` is at the \u, and moves behind what was read.
void append_escape(std::string& out, std::string_view text, std::size_t& at) {
  constexpr std::uint32_t replacement = 0xfffd;
  auto code = unit_at(text, at).value_or(replacement);
  at += 6;
  if (code >= 0xd800 && code < 0xdc00) {
    const auto low = unit_at(text, at).value_or(0);
    if (low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
      at += 6;
    }
  }
  append_utf8(out, code >= 0xd800 && code < 0xe000 ? replacement : code);
}

}  // namespace

std::string json_text_of(std::string_view quoted) {
  const auto text = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto escape = text.find('\\', at);
    out += text.substr(at, escape - at);
    if (escape == text.npos) break;
    at = escape;
    const char sign = at + 1 < text.size() ? text[at + 1] : '\\';
    if (sign == 'u') {
      append_escape(out, text, at);
      continue;
    }
    constexpr std::string_view signs = "bfnrt";
    constexpr std::string_view meanings = "\b\f\n\r\t";
    const auto found = signs.find(sign);
    out += found == signs.npos ? sign : meanings[found];
    at += 2;
  }
  return out;
}

}  // namespace worker::feel
