// A set of characters in a regular expression, as a piece of PCRE2's language that matches exactly
// one character. Java's sets can be nested, cut with each other and negated; those of PCRE2 cannot,
// so what is more than a list becomes look-ahead and alternatives. Plain value.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace worker::feel {

// \x{1F600}; letters and digits of ASCII as they are.
std::string escaped(char32_t code);

class character_set {
 public:
  // The inside of [...]: ranges, escapes, properties. Not empty.
  static character_set of_items(std::string items);
  static character_set any();

  // Becomes the union of both; a set of many parts is put together in place.
  void add(const character_set& more);
  [[nodiscard]] character_set cut_with(const character_set& other) const;
  [[nodiscard]] character_set negated() const;
  // Without regard to case, by the rules of Unicode.
  [[nodiscard]] character_set caseless() const;

  [[nodiscard]] std::string pattern() const;

 private:
  // A pattern for one character.
  static character_set of_pattern(std::string one);

  std::string items_;   // what is a list in it
  std::string others_;  // and what is not: patterns for one character with | between them
  std::size_t count_of_others_ = 0;
};

}  // namespace worker::feel
