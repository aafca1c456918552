#include "connector/glob.h"

#include <cstddef>

namespace connector {

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;    // in pattern
  std::size_t seen = 0;  // in text
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;  // text up to here is what the last star stands for
  while (seen < text.size()) {
    // The star first: a text may hold one too.
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      taken = seen;
    } else if (at < pattern.size() && pattern[at] == text[seen]) {
      ++at;
      ++seen;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      seen = ++taken;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

bool glob_parts(const std::vector<std::string>& pattern,
                const std::vector<std::string_view>& text) {
  if (pattern.size() != text.size()) return false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (!glob(pattern[i], text[i])) return false;
  }
  return true;
}

}  // namespace connector
