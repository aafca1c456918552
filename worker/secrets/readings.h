// A reading is a text with layers of encoding taken off: JSON escapes, percent-encoding, entities
// of HTML and XML, quoted-printable, the line ends of base64. Redaction searches each reading for
// secrets, so it does not matter which characters a writer escapes, in which case, how often, and
// in which order. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/secrets/layers.h"

namespace worker::secrets {

class reading {
 public:
  // The text itself, which must outlive this.
  explicit reading(std::string_view text) : text_(text) {}
  // `of` with `without` taken off. `of` must outlive this.
  reading(const reading& of, const layer& without);
  reading(const reading&) = delete;
  reading& operator=(const reading&) = delete;
  ~reading();

  [[nodiscard]] std::string_view text() const { return of_ == nullptr ? text_ : made_; }
  // Whether text() is another one than that of `of`: something was taken off.
  [[nodiscard]] bool is_another() const { return !pieces_.empty(); }
  // The position of the bytes [begin, end) of text(), not empty, in the first text.
  [[nodiscard]] std::size_t first(std::size_t begin) const;
  [[nodiscard]] std::size_t last(std::size_t end) const;

 private:
  // A part of text() that was something else in the text of `of_`. All other bytes were the same.
  struct piece {
    std::uint32_t end;
    std::uint32_t source_end;
    std::uint8_t size;
    std::uint8_t source_size;
  };
  struct range {
    std::size_t begin;
    std::size_t end;
  };
  [[nodiscard]] range source_of(std::size_t byte) const;

  const reading* of_ = nullptr;  // null: the text as it is
  std::string_view text_;
  std::string made_;
  std::vector<piece> pieces_;  // in their order
};

// Of one text, hostile ones too: one that writers have written through three layers has four, and a
// few more when its marks stand for something in several ways.
inline constexpr std::size_t most_readings = 64;
inline constexpr std::size_t most_readings_of_long_text = 20;  // payloads may have megabytes
inline constexpr std::size_t long_text = 64 * 1024;

// Calls `look` with the text itself and then with each of its readings, until `look` returns true
// or there were so many. A text without a mark of a layer is read once.
void each_reading(std::string_view text, const std::function<bool(const reading&)>& look);

}  // namespace worker::secrets
