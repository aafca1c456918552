// A reading is a text with one layer of encoding taken off: JSON escapes, percent-encoding, the +
// of forms, the line ends of base64. Redaction searches each reading for secrets, so it does not
// matter which characters a writer escapes, in which case, and how often. Pure.
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
  // The text itself, which must outlive this.
  explicit reading(std::string_view text) : text_(text) {}
  reading(reading&&) = default;
  reading(const reading&) = delete;
  reading& operator=(reading&&) = delete;
  reading& operator=(const reading&) = delete;
  ~reading();

  [[nodiscard]] std::string_view text() const { return is_as_it_is() ? text_ : made_; }
  [[nodiscard]] bool is_as_it_is() const { return from_.empty(); }
  // The position of the bytes [begin, end) of text(), not empty, in the first text.
  [[nodiscard]] std::size_t first(std::size_t begin) const;
  [[nodiscard]] std::size_t last(std::size_t end) const;

  // Decodes one piece at the front of `rest`, appends the result to `out`, and gives the length of
  // the piece, at least 1.
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

// Calls `look` with the text itself and then with each of its readings, until `look` returns true.
// `blanks`: also reads the text as a form, which writes + for a blank. The time is bounded by the
// text's length times a small number.
void each_reading(std::string_view text, bool blanks,
                  const std::function<bool(const reading&)>& look);

}  // namespace worker::secrets
