// What a whole division leaves.
#include "worker/feel/decimal_bits.h"
#include "worker/feel/number.h"

namespace worker::feel {

std::optional<number> remainder(const number& a, const number& b) {
  if (!a.is_finite() || !b.is_finite() || b.is_zero()) return std::nullopt;
  unsigned flags = 0;
  const auto quotient =
      bid128_div(decimal_bits::to(a), decimal_bits::to(b), BID_ROUNDING_TO_ZERO, &flags);
  // A quotient of more digits than a number has is wrong by more than its fraction.
  const auto parts = decimal_bits::split(decimal_bits::from(quotient));
  if (!parts.finite || (parts.exponent > 0 && (flags & BID_INEXACT_EXCEPTION) != 0))
    return std::nullopt;
  flags = 0;
  return decimal_bits::from(bid128_fmod(decimal_bits::to(a), decimal_bits::to(b), &flags));
}

}  // namespace worker::feel
