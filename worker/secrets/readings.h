// What a text says when a layer of writing is taken off it: JSON escapes, percent-encoding, a
// form's blanks, lines of base64. A secret is looked for in each reading, so it does not matter
// which characters a writer escapes, nor in which case or how often. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

class reading {
 public:
  // The text as it is; it outlives this.
  explicit reading(std::string_view text) : text_(text) {}
  reading(reading&&) = default;
  reading(const reading&) = delete;
  reading& operator=(reading&&) = delete;
  reading& operator=(const reading&) = delete;
  ~reading();

  [[nodiscard]] std::string_view text() const { return is_as_it_is() ? text_ : made_; }
  [[nodiscard]] bool is_as_it_is() const { return from_.empty(); }
  // Where the bytes [begin, end) of text() stand in the text that was read first; not empty.
  [[nodiscard]] std::size_t first(std::size_t begin) const;
  [[nodiscard]] std::size_t last(std::size_t end) const;

  // Takes one piece of text off the front of `rest` and appends what it says: how long the piece
  // is, at least 1.
  using decoder = std::size_t (*)(std::string_view rest, std::string& out);
  [[nodiscard]] reading through(decoder decode) const;

 private:
  struct source {
    std::uint32_t begin;
    std::uint32_t end;
  };
  std::string_view text_;
  std::string made_;
  std::vector<source> from_;  // of each byte of made_, and one more
};

// Calls `look` with the text as it is and with everything else that it may say, one after the
// other; stops when `look` says so by returning true. `blanks`: also as a form, which writes + for
// a blank. How long that takes is bounded by the text's length times a small number.
void each_reading(std::string_view text, bool blanks,
                  const std::function<bool(const reading&)>& look);

}  // namespace worker::secrets
