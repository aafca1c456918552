// The characters of a Java regular expression from front to back, \Q...\E taken apart: what lies
// between is literal. Owns its characters. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::feel {

struct pattern_character {
  char32_t code = 0;
  bool quoted = false;  // literal, whatever it is
};

class pattern_reader {
 public:
  explicit pattern_reader(std::string_view utf8);

  [[nodiscard]] bool at_end() const { return at_ == characters_.size(); }
  // Whether `c` is next, as a sign of the language.
  [[nodiscard]] bool sees(char32_t c) const { return sees_behind(0, c); }
  [[nodiscard]] bool sees_behind(std::size_t further, char32_t c) const;
  // Asks for a reader that is not at its end.
  [[nodiscard]] pattern_character peek() const { return characters_[at_]; }
  pattern_character next() { return characters_[at_++]; }
  bool take(char32_t c);

  // With the flag for comments: blanks and what follows '#' in its line.
  void skip_comments(bool only_newline_ends);

  [[nodiscard]] std::size_t position() const { return at_; }
  void go_back_to(std::size_t position) { at_ = position; }
  void go_to_end() { at_ = characters_.size(); }

  // Up to `most` digits of a base; nothing when there is none, or the number is above `limit`.
  std::optional<std::uint32_t> take_number(int base, std::size_t most, std::uint32_t limit);
  // Letters and digits of ASCII.
  std::string take_name();

 private:
  std::vector<pattern_character> characters_;
  std::size_t at_ = 0;
};

}  // namespace worker::feel
