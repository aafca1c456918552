// Reads the fixed-width digits and literals of temporal texts from front to back. Looks into the
// text that it was given. Plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "connector/base/ascii.h"
#include "connector/base/number.h"

namespace worker::feel {

class text_cursor {
 public:
  explicit text_cursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool sees(char c) const { return !rest_.empty() && rest_.front() == c; }

  bool take(char c) {
    if (!sees(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // How many digits follow, looking no further than `most`.
  [[nodiscard]] std::size_t digits_ahead(std::size_t most) const {
    std::size_t count = 0;
    while (count < most && count < rest_.size() && is_digit(rest_[count])) ++count;
    return count;
  }

  // Exactly `width` digits as a number.
  std::optional<std::int32_t> take_digits(std::size_t width) {
    if (width == 0 || width > 9 || digits_ahead(width) != width) return std::nullopt;
    const auto value = connector::integer_in<std::int32_t>(rest_.substr(0, width), 0, 999'999'999);
    if (value) rest_.remove_prefix(width);
    return value;
  }

  static constexpr bool is_digit(char c) { return connector::ascii::is_digit(c); }

 private:
  std::string_view rest_;
};

}  // namespace worker::feel
