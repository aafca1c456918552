#include "worker/feel/number.h"

#include <array>
#include <cmath>
#include <cstring>

#include "connector/base/number.h"
#include "worker/feel/decimal_bits.h"

namespace worker::feel {

using decimal::wide;

namespace {

constexpr int nearest_even = 0;  // the library's rounding mode

std::string digits_of(wide coefficient) {
  std::array<char, 40> room{};
  std::size_t at = room.size();
  do {
    room[--at] = static_cast<char>('0' + static_cast<int>(coefficient % 10));
    coefficient /= 10;
  } while (coefficient != 0);
  return std::string(room.data() + at, room.size() - at);
}

}  // namespace

number::number(std::int64_t whole) {
  const auto magnitude =
      whole < 0 ? ~static_cast<std::uint64_t>(whole) + 1 : static_cast<std::uint64_t>(whole);
  *this = decimal_bits::make(whole < 0, magnitude, 0);
}

number operator+(const number& a, const number& b) {
  unsigned flags = 0;
  return decimal_bits::from(
      bid128_add(decimal_bits::to(a), decimal_bits::to(b), nearest_even, &flags));
}

number operator-(const number& a, const number& b) {
  unsigned flags = 0;
  return decimal_bits::from(
      bid128_sub(decimal_bits::to(a), decimal_bits::to(b), nearest_even, &flags));
}

number operator*(const number& a, const number& b) {
  unsigned flags = 0;
  return decimal_bits::from(
      bid128_mul(decimal_bits::to(a), decimal_bits::to(b), nearest_even, &flags));
}

number operator/(const number& a, const number& b) {
  unsigned flags = 0;
  return decimal_bits::from(
      bid128_div(decimal_bits::to(a), decimal_bits::to(b), nearest_even, &flags));
}

number number::operator-() const {
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite || parts.coefficient == 0) return *this;
  return decimal_bits::make(!parts.negative, parts.coefficient, parts.exponent);
}

number number::absolute() const { return is_negative() ? -*this : *this; }

std::strong_ordering operator<=>(const number& a, const number& b) {
  const auto first = decimal_bits::split(a);
  const auto second = decimal_bits::split(b);
  // Most numbers that are compared are of one scale and sign.
  if (first.finite && second.finite && first.exponent == second.exponent &&
      first.negative == second.negative) {
    const auto ordering = first.coefficient <=> second.coefficient;
    return first.negative ? 0 <=> ordering : ordering;
  }
  unsigned flags = 0;
  const auto left = decimal_bits::to(a);
  const auto right = decimal_bits::to(b);
  if (bid128_quiet_less(left, right, &flags) != 0) return std::strong_ordering::less;
  if (bid128_quiet_greater(left, right, &flags) != 0) return std::strong_ordering::greater;
  return std::strong_ordering::equal;
}

bool number::is_zero() const {
  const auto parts = decimal_bits::split(*this);
  return parts.finite && parts.coefficient == 0;
}

bool number::is_negative() const {
  const auto parts = decimal_bits::split(*this);
  return parts.negative && (!parts.finite || parts.coefficient != 0);
}

bool number::is_finite() const { return decimal_bits::split(*this).finite; }

bool number::is_whole() const {
  auto parts = decimal_bits::split(*this);
  if (!parts.finite) return false;
  if (parts.coefficient == 0) return true;
  while (parts.exponent < 0 && parts.coefficient % 10 == 0) {
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  return parts.exponent >= 0;
}

int number::scale() const { return -decimal_bits::split(*this).exponent; }

number number::rounded(int scale, rounding mode) const {
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite) return *this;
  const std::int64_t dropped = -std::int64_t{scale} - parts.exponent;
  if (dropped <= 0) {
    const auto longer = decimal::padded(parts.coefficient, -dropped);
    return longer ? decimal_bits::make(parts.negative, *longer, -scale) : *this;
  }
  const wide unit = dropped > 38 ? 0 : decimal::power_of_ten(static_cast<int>(dropped));
  const wide quotient = unit == 0 ? 0 : parts.coefficient / unit;
  const wide rest = unit == 0 ? parts.coefficient : parts.coefficient % unit;
  // Where the rest lies: -1 below the half of a unit, 0 on it, 1 above it.
  const int half = unit == 0 || rest < unit - rest ? -1 : rest == unit - rest ? 0 : 1;
  const bool away = rest != 0 && decimal::rounds_away(mode, half, quotient, parts.negative);
  return decimal_bits::make(parts.negative, quotient + (away ? 1 : 0), -scale);
}

std::optional<std::int64_t> number::to_int64() const {
  auto parts = decimal_bits::split(*this);
  if (!parts.finite) return std::nullopt;
  if (parts.coefficient == 0) return 0;
  while (parts.exponent < 0) {
    if (parts.coefficient % 10 != 0) return std::nullopt;
    parts.coefficient /= 10;
    ++parts.exponent;
  }
  const auto whole = decimal::padded(parts.coefficient, parts.exponent);
  if (!whole) return std::nullopt;
  constexpr wide most = std::numeric_limits<std::int64_t>::max();
  if (*whole > most + (parts.negative ? 1 : 0)) return std::nullopt;
  const auto low = static_cast<std::uint64_t>(*whole);
  return static_cast<std::int64_t>(parts.negative ? ~low + 1 : low);
}

std::int32_t number::to_int32() const {
  auto parts = decimal_bits::split(*this);
  if (!parts.finite) return 0;
  for (; parts.exponent < 0 && parts.coefficient != 0; ++parts.exponent) parts.coefficient /= 10;
  // A factor of 10^32 and more leaves no low bits.
  auto low = static_cast<std::uint32_t>(parts.coefficient);
  for (int left = std::min(parts.exponent, 32); left > 0; --left) low = low * 10U;
  return static_cast<std::int32_t>(parts.negative ? ~low + 1 : low);
}

double number::to_double() const {
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite) return parts.negative ? -HUGE_VAL : HUGE_VAL;
  if (parts.coefficient == 0) return 0.0;
  auto text = digits_of(parts.coefficient);
  const auto exponent = parts.exponent + static_cast<int>(text.size()) - 1;
  if (text.size() > 1) text.insert(1, ".");
  if (parts.negative) text.insert(0, "-");
  return connector::nearest_double(text + 'e' + std::to_string(exponent)).value_or(0.0);
}

std::string number::to_plain_string() const {
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite) return parts.negative ? "-Infinity" : "Infinity";
  auto text = digits_of(parts.coefficient);
  if (parts.exponent >= 0) {
    if (parts.coefficient != 0) text.append(static_cast<std::size_t>(parts.exponent), '0');
  } else {
    const auto after = static_cast<std::size_t>(-parts.exponent);
    if (text.size() <= after) text.insert(0, after + 1 - text.size(), '0');
    text.insert(text.size() - after, ".");
  }
  return parts.negative ? '-' + text : text;
}

std::string number::to_string() const {
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite) return to_plain_string();
  auto text = digits_of(parts.coefficient);
  const auto exponent = parts.exponent + static_cast<int>(text.size()) - 1;
  if (parts.exponent <= 0 && exponent >= -6) return to_plain_string();
  if (text.size() > 1) text.insert(1, ".");
  text += exponent < 0 ? "E-" : "E+";
  text += std::to_string(std::abs(exponent));
  if (exponent == 0) text.resize(text.size() - 3);
  return parts.negative ? '-' + text : text;
}

std::string number::to_json() const {
  if (const auto whole = to_int64()) return std::to_string(*whole);
  const double nearest = to_double();
  if (std::isinf(nearest)) return nearest < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  return java_text(nearest);
}

std::optional<number> number::from_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  return parse(java_text(value));
}

std::string java_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  std::array<char, 40> room{};
  const auto end = std::to_chars(room.data(), room.data() + room.size(), std::fabs(value),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view shortest(room.data(), static_cast<std::size_t>(end - room.data()));
  const auto mark = shortest.find('e');
  std::string digits(1, shortest[0]);
  if (mark > 2) digits += shortest.substr(2, mark - 2);
  auto written = shortest.substr(mark + 1);
  if (written.starts_with('+')) written.remove_prefix(1);
  const int exponent = connector::integer_in<int>(written, -400, 400).value_or(0);
  std::string text;
  if (value == 0) {
    text = "0.0";
  } else if (exponent >= 7 || exponent < -3) {
    text = digits.substr(0, 1) + '.' + (digits.size() > 1 ? digits.substr(1) : "0") + 'E' +
           std::to_string(exponent);
  } else if (exponent < 0) {
    text = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  } else {
    const auto before = static_cast<std::size_t>(exponent) + 1;
    if (digits.size() < before + 1) digits.append(before + 1 - digits.size(), '0');
    text = digits.insert(before, ".");
  }
  return std::signbit(value) ? '-' + text : text;
}

}  // namespace worker::feel
