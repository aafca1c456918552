#include "worker/feel/pattern_reader.h"

#include <utf8proc.h>

#include "connector/base/number.h"

namespace worker::feel {
namespace {

std::u32string decoded(std::string_view utf8) {
  std::u32string text;
  text.reserve(utf8.size());
  while (!utf8.empty()) {
    utf8proc_int32_t code = 0;
    const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                        static_cast<utf8proc_ssize_t>(utf8.size()), &code);
    text += bytes > 0 ? static_cast<char32_t>(code) : U'\uFFFD';
    utf8.remove_prefix(bytes > 0 ? static_cast<std::size_t>(bytes) : 1);
  }
  return text;
}

bool is_digit_of(char32_t code, int base) {
  return (code >= '0' && code <= '9' && static_cast<int>(code - '0') < base) ||
         (base == 16 && ((code >= 'a' && code <= 'f') || (code >= 'A' && code <= 'F')));
}

}  // namespace

pattern_reader::pattern_reader(std::string_view utf8) {
  const std::u32string text = decoded(utf8);
  characters_.reserve(text.size());
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char32_t behind = at + 1 < text.size() ? text[at + 1] : U'\0';
    if (quoted && text[at] == '\\' && behind == 'E') {
      quoted = false;
      ++at;
    } else if (quoted) {
      characters_.push_back({text[at], true});
    } else if (text[at] == '\\' && behind == 'Q') {
      quoted = true;
      ++at;
    } else {
      characters_.push_back({text[at], false});
      if (text[at] == '\\' && at + 1 < text.size()) characters_.push_back({text[++at], false});
    }
  }
}

bool pattern_reader::sees_behind(std::size_t further, char32_t c) const {
  const std::size_t where = at_ + further;
  return where < characters_.size() && characters_[where].code == c && !characters_[where].quoted;
}

bool pattern_reader::take(char32_t c) {
  if (!sees(c)) return false;
  ++at_;
  return true;
}

void pattern_reader::skip_comments(bool only_newline_ends) {
  while (!at_end() && !peek().quoted) {
    const char32_t code = peek().code;
    if (code == ' ' || (code >= '\t' && code <= '\r')) {
      ++at_;
    } else if (code == '#') {
      const auto ends_line = [only_newline_ends](char32_t c) {
        return c == '\n' ||
               (!only_newline_ends && (c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029));
      };
      while (!at_end() && !ends_line(peek().code)) ++at_;
    } else {
      return;
    }
  }
}

std::optional<std::uint32_t> pattern_reader::take_number(int base, std::size_t most,
                                                         std::uint32_t limit) {
  std::string digits;
  while (digits.size() < most && !at_end() && !peek().quoted && is_digit_of(peek().code, base)) {
    digits += static_cast<char>(next().code);
  }
  return connector::integer_in<std::uint32_t>(digits, 0, limit, base);
}

std::string pattern_reader::take_name() {
  std::string name;
  while (!at_end() && !peek().quoted) {
    const char32_t code = peek().code;
    const bool good =
        is_digit_of(code, 10) || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
    if (!good) break;
    name += static_cast<char>(code);
    ++at_;
  }
  return name;
}

}  // namespace worker::feel
