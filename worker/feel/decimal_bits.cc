#include "worker/feel/decimal_bits.h"

#include <cstring>

namespace worker::feel {

namespace decimal {

std::optional<wide> padded(wide coefficient, std::int64_t zeros) {
  if (coefficient == 0) return coefficient;
  constexpr wide end = power_of_ten(digits);
  for (; zeros > 0; --zeros) {
    if (coefficient >= end / 10) return std::nullopt;
    coefficient = coefficient * 10;
  }
  return coefficient;
}

bool rounds_away(rounding mode, int half, wide quotient, bool negative) {
  switch (mode) {
    case rounding::half_even:
      return half > 0 || (half == 0 && quotient % 2 == 1);
    case rounding::half_up:
      return half >= 0;
    case rounding::half_down:
      return half > 0;
    case rounding::up:
      return true;
    case rounding::down:
      return false;
    case rounding::floor:
      return negative;
    case rounding::ceiling:
      return !negative;
  }
  return false;
}

}  // namespace decimal

namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr int exponent_shift = 49;  // in the high half; the coefficient has 113 bits
constexpr std::uint64_t coefficient_mask = (std::uint64_t{1} << exponent_shift) - 1;
constexpr std::uint64_t special = std::uint64_t{3} << 61;
constexpr std::uint64_t infinite = std::uint64_t{0x78} << 56;

}  // namespace

BID_UINT128 decimal_bits::to(const number& from) {
  BID_UINT128 bits;
  static_assert(sizeof bits == sizeof from.bits_);
  std::memcpy(&bits, &from.bits_, sizeof bits);
  return bits;
}

number decimal_bits::from(const BID_UINT128& bits) {
  number::bits copied;
  std::memcpy(&copied, &bits, sizeof copied);
  return number(copied);
}

decimal_bits::parts decimal_bits::split(const number& from) {
  parts out;
  out.negative = (from.bits_.high & sign_bit) != 0;
  if ((from.bits_.high & special) == special) {
    // What the library gives beside numbers: infinities, NaN. It writes no large coefficient so.
    out.finite = false;
    return out;
  }
  out.exponent =
      static_cast<int>((from.bits_.high & ~sign_bit) >> exponent_shift) + decimal::least_exponent;
  out.coefficient = (decimal::wide{from.bits_.high & coefficient_mask} << 64) | from.bits_.low;
  return out;
}

number decimal_bits::make(bool negative, decimal::wide coefficient, std::int64_t exponent) {
  while (exponent > decimal::most_exponent && coefficient != 0) {
    const auto longer = decimal::padded(coefficient, 1);
    if (!longer) return number(number::bits{0, infinite | (negative ? sign_bit : 0)});
    coefficient = *longer;
    --exponent;
  }
  while (exponent < decimal::least_exponent && coefficient != 0) {
    coefficient /= 10;
    ++exponent;
  }
  if (coefficient == 0) {
    // FEEL has no negative zero.
    negative = false;
    if (exponent > decimal::most_exponent) exponent = decimal::most_exponent;
    if (exponent < decimal::least_exponent) exponent = decimal::least_exponent;
  }
  const auto biased = static_cast<std::uint64_t>(exponent - decimal::least_exponent);
  return number(number::bits{static_cast<std::uint64_t>(coefficient),
                             static_cast<std::uint64_t>(coefficient >> 64) |
                                 (biased << exponent_shift) | (negative ? sign_bit : 0)});
}

}  // namespace worker::feel
