#include "connector/base/ascii.h"

#include <algorithm>

#include "connector/base/eight_bytes.h"

namespace connector::ascii {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

bool equal_letters(const char* a, const char* b, std::size_t length) {
  return std::equal(a, a + length, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_printable(std::string_view text) {
  using namespace eight_bytes;
  const auto may_be_wrong = [](std::uint64_t eight) {
    return below(eight, 0x20) | equal(eight, 0x7f) | above_ascii(eight);
  };
  return run(text, may_be_wrong, [](char c) { return c < ' ' || c > '~'; }) == text.size();
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> items(std::string_view text, std::string_view separators) {
  std::vector<std::string> found;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(separators), text.size());
    if (const auto item = trim(text.substr(0, end)); !item.empty()) found.emplace_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return found;
}

}  // namespace connector::ascii
