// ASCII text from outside: kinds of characters, letters without case, blanks, lists. No locale;
// bytes above 0x7F are letters without case and no blanks. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace connector::ascii {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lower(std::string_view text);

// Whether both are the same text when upper and lower case are alike.
bool equal_letters(const char* a, const char* b, std::size_t length);
inline bool equal_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() && equal_letters(a.data(), b.data(), a.size());
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
constexpr bool is_letter_or_digit(char c) { return is_letter(c) || is_digit(c); }

// Space, tab, CR and LF: the blanks of JSON, XML, HTTP and YAML.
constexpr bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

constexpr bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

// Nothing but bytes from space to tilde.
bool is_printable(std::string_view text);

// Without blanks at both ends.
std::string_view trim(std::string_view text);

// Parts between separators. Empty parts are kept, so there is one part more than separators.
std::vector<std::string_view> split(std::string_view text, char separator);

// The items of a list, trimmed, without the empty ones. Each of `separators` ends an item.
std::vector<std::string> items(std::string_view text, std::string_view separators = ",");

}  // namespace connector::ascii
