// Translates a regular expression of java.util.regex into one of PCRE2 (options UTF, DOTALL) that
// finds the same: Java's own line ends, ASCII alone without regard to case, nested and cut sets of
// characters, names and numbers of groups. What Java refuses is refused. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace worker::feel {

struct pattern_flags {
  bool caseless = false;   // i
  bool multiline = false;  // m
  bool dot_all = false;    // s
  bool comments = false;   // x
  bool operator==(const pattern_flags&) const = default;
};

struct translated_pattern {
  std::string pattern;
  std::size_t groups = 0;                                 // besides group 0
  std::map<std::string, std::size_t, std::less<>> names;  // numbers of the named ones
};

// Nothing when Java would throw a PatternSyntaxException, or groups lie deeper than 100.
std::optional<translated_pattern> translate_pattern(std::string_view java, pattern_flags flags);

}  // namespace worker::feel
