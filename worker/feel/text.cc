#include "worker/feel/text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "worker/feel/special_casing.h"

namespace worker::feel {
namespace {

struct read_character {
  char32_t code = 0;
  std::size_t bytes = 1;
  [[nodiscard]] std::size_t units() const { return code > 0xFFFF ? 2 : 1; }
};

// The character at the front of a text that is not empty.
read_character front_of(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {first, 1};
  utf8proc_int32_t code = 0;
  const auto length = static_cast<utf8proc_ssize_t>(std::min<std::size_t>(text.size(), 4));
  const auto bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), length, &code);
  if (bytes <= 0) return {0xFFFD, 1};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(bytes)};
}

// The character that ends at `end`.
read_character before(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 &&
         (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) {
    --begin;
  }
  const read_character found = front_of(text.substr(begin, end - begin));
  return found.bytes == end - begin ? found : read_character{0xFFFD, 1};
}

void append(std::string& to, char32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
}

utf8proc_category_t category_of(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

bool is_cased(char32_t code) {
  const auto category = category_of(code);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
         category == UTF8PROC_CATEGORY_LT;
}

bool is_of_word(char32_t code) {
  const auto category = category_of(code);
  return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NL) ||
         category == UTF8PROC_CATEGORY_PC;
}

// Between two letters these do not end a word.
bool joins_letters(char32_t code) {
  return code == '\'' || code == '.' || code == '-' || code == 0x2019 || code == 0xB7 ||
         code == 0xAD;
}

// Whether a letter with case comes before the sigma at `at` in its word, and none behind it.
bool is_final_sigma(std::string_view text, std::size_t at, std::size_t behind) {
  bool found = false;
  for (std::size_t end = at; end > 0 && !found;) {
    const read_character one = before(text, end);
    const bool joint = joins_letters(one.code) && end - one.bytes > 0 &&
                       is_of_word(before(text, end - one.bytes).code);
    if (!is_of_word(one.code) && !joint) break;
    found = is_cased(one.code);
    end -= one.bytes;
  }
  if (!found) return false;
  while (behind < text.size()) {
    const read_character one = front_of(text.substr(behind));
    const std::size_t next = behind + one.bytes;
    const bool joint = joins_letters(one.code) && next < text.size() &&
                       is_of_word(front_of(text.substr(next)).code);
    if (!is_of_word(one.code) && !joint) return true;
    if (is_cased(one.code)) return false;
    behind = next;
  }
  return true;
}

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const read_character one = front_of(text);
    units += one.units();
    text.remove_prefix(one.bytes);
  }
  return units;
}

std::string utf16_substring(std::string_view text, std::size_t begin, std::size_t end) {
  std::string cut;
  cut.reserve(std::min(3 * (end - begin), text.size()));
  std::size_t at = 0;
  while (!text.empty() && at < end) {
    const read_character one = front_of(text);
    const std::size_t next = at + one.units();
    if (at >= begin && next <= end) {
      cut += text.substr(0, one.bytes);
    } else if (next > begin) {
      cut += '?';
    }
    at = next;
    text.remove_prefix(one.bytes);
  }
  return cut;
}

int compare_utf16(std::string_view left, std::string_view right) {
  const auto [of_left, of_right] =
      std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (of_left == left.end() || of_right == right.end()) {
    return left.size() < right.size() ? -1 : left.size() > right.size() ? 1 : 0;
  }
  const auto a = static_cast<unsigned char>(*of_left);
  const auto b = static_cast<unsigned char>(*of_right);
  // Bytes order characters as their numbers do. In UTF-16 those above U+FFFF, which begin with F0
  // and up, lie before U+E000 to U+FFFF, which begin with EE and EF.
  const bool turned =
      (a >= 0xF0 && (b == 0xEE || b == 0xEF)) || (b >= 0xF0 && (a == 0xEE || a == 0xEF));
  return (a < b) != turned ? -1 : 1;
}

std::string upper_case(std::string_view text) {
  std::string upper;
  upper.reserve(text.size());
  while (!text.empty()) {
    const read_character one = front_of(text);
    if (one.code < 0x80) {
      const bool small = one.code >= 'a' && one.code <= 'z';
      upper += static_cast<char>(small ? one.code - 'a' + 'A' : one.code);
    } else if (const auto several = special_upper_case(one.code); !several.empty()) {
      for (const char32_t code : several) append(upper, code);
    } else {
      append(upper,
             static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(one.code))));
    }
    text.remove_prefix(one.bytes);
  }
  return upper;
}

std::string lower_case(std::string_view text) {
  constexpr char32_t capital_sigma = 0x3A3;
  constexpr char32_t dotted_capital_i = 0x130;
  std::string lower;
  lower.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const read_character one = front_of(text.substr(at));
    const std::size_t next = at + one.bytes;
    if (one.code == capital_sigma) {
      append(lower, is_final_sigma(text, at, next) ? 0x3C2 : 0x3C3);
    } else if (one.code == dotted_capital_i) {
      append(lower, 'i');
      append(lower, 0x307);
    } else {
      append(lower,
             static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(one.code))));
    }
    at = next;
  }
  return lower;
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool is_blank(std::string_view text) {
  while (!text.empty()) {
    const read_character one = front_of(text);
    const auto category = category_of(one.code);
    const bool separates = category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
                           category == UTF8PROC_CATEGORY_ZP;
    const bool keeps_together = one.code == 0xA0 || one.code == 0x2007 || one.code == 0x202F;
    const bool controls =
        (one.code >= 0x9 && one.code <= 0xD) || (one.code >= 0x1C && one.code <= 0x1F);
    if (!controls && (!separates || keeps_together)) return false;
    text.remove_prefix(one.bytes);
  }
  return true;
}

std::size_t find_in(std::string_view text, std::string_view sought) {
  if (sought.empty()) return 0;
  if (sought.size() > text.size()) return std::string_view::npos;
  const auto* found = memmem(text.data(), text.size(), sought.data(), sought.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace worker::feel
