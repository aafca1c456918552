// A set of characters in a regular expression, as a piece of PCRE2's language that matches exactly
// one character. Java's sets can be nested, cut with each other and negated; those of PCRE2 cannot,
// so what is more than a list becomes look-ahead and alternatives. Plain value.
#pragma once

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

  [[nodiscard]] character_set united(const character_set& other) const;
  [[nodiscard]] character_set cut_with(const character_set& other) const;
  [[nodiscard]] character_set negated() const;
  // Without regard to case, by the rules of Unicode.
  [[nodiscard]] character_set caseless() const;

  [[nodiscard]] std::string pattern() const;

 private:
  std::string items_;  // when it is a list
  bool listed_ = true;
  std::string whole_;  // else a pattern for one character
};

}  // namespace worker::feel
