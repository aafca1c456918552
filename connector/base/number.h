// Whole numbers out of text from outside: the one place that turns digits into numbers, always with
// a range. A rule forbids every other way: RapidJSON 1.1.0 crashes on some exponents
// (CVE-2024-38517), strtol and its family skip blanks, know locales and need errno. Pure.
#pragma once

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace connector {

// Nothing when `text` is more or less than an integer of that base (a minus where T has a sign; no
// plus, no blanks, no fraction, no exponent), or when it is outside least..most.
template <std::integral T>
std::optional<T> integer_in(std::string_view text, T least, T most, int base = 10) {
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value, base);
  if (failed != std::errc() || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

// The digits at the front of `text`, which they are taken off; nothing, and nothing taken off, when
// there are none or their number is above `most`.
template <std::unsigned_integral T>
std::optional<T> take_integer(std::string_view& text, T most) {
  T value = 0;
  const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || value > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

// Digits alone; a larger number counts as `most`, however long it is.
template <std::unsigned_integral T>
std::optional<T> integer_up_to(std::string_view digits, T most) {
  T value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, value);
  if (stop != end || failed == std::errc::invalid_argument) return std::nullopt;
  return failed != std::errc() || value > most ? most : value;
}

// The double that is nearest to a number as JSON writes it; zero or an infinity when it is too
// small or too large for one, by the sign of its exponent. Nothing when `text` is anything else.
inline std::optional<double> nearest_double(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, value);
  if (stop != end || failed == std::errc::invalid_argument) return std::nullopt;
  if (failed == std::errc() && value - value != 0) return std::nullopt;  // "inf", "nan"
  if (failed == std::errc()) return value;
  const auto exponent = text.find_first_of("eE");
  const bool small = text.substr(exponent == text.npos ? 0 : exponent + 1).starts_with('-');
  const double limit = exponent != text.npos && small ? 0.0 : HUGE_VAL;
  return text.starts_with('-') ? -limit : limit;
}

}  // namespace connector
