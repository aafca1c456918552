// The allowed words of a setting, a header or an input, as tables of constants list them. Pure; the
// words outlive the list.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

namespace connector {

using word_list = std::span<const std::string_view>;

inline bool contains(word_list words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// "a, b, c", or with marks: "'a', 'b', 'c'".
std::string joined(word_list words, std::string_view separator, std::string_view mark = "");

}  // namespace connector
