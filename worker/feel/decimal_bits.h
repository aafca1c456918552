// The inside of a number: sign, coefficient and exponent of a decimal128 in the decimal library's
// binary encoding. For number.cc and its neighbours alone. Pure.
#pragma once

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#include <bid_conf.h>
// The other header wants the types of this one.
#include <bid_functions.h>

#include <cstdint>
#include <optional>

#include "worker/feel/number.h"

namespace worker::feel {

namespace decimal {

__extension__ typedef unsigned __int128 wide;

inline constexpr int digits = 34;
inline constexpr int least_exponent = -6176;
inline constexpr int most_exponent = 6111;

constexpr wide power_of_ten(int exponent) {
  wide power = 1;
  for (; exponent > 0; --exponent) power = power * 10;
  return power;
}

// With `zeros` more zeros at the end; nothing when that would be more than 34 digits.
std::optional<wide> padded(wide coefficient, std::int64_t zeros);

// Whether what was cut off a quotient makes it one larger. `half`: see number::rounded.
bool rounds_away(rounding mode, int half, wide quotient, bool negative);

}  // namespace decimal

struct decimal_bits {
  struct parts {
    bool finite = true;
    bool negative = false;
    decimal::wide coefficient = 0;
    int exponent = 0;
  };
  static parts split(const number& from);
  // Below 10^34; the exponent may lie outside the range, the value is infinite or rounded then.
  static number make(bool negative, decimal::wide coefficient, std::int64_t exponent);
  static BID_UINT128 to(const number& from);
  static number from(const BID_UINT128& bits);
};

}  // namespace worker::feel
