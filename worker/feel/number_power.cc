// Powers, as ANSI X3.274 computes them: square and multiply with a few more digits than the result
// keeps. Java's BigDecimal does it this way, so results agree to the last digit.
#include <cstdlib>

#include "worker/feel/decimal_bits.h"
#include "worker/feel/exact_decimal.h"

namespace worker::feel {

namespace {

constexpr std::int64_t most_exponent = 999'999'999;

}  // namespace

std::optional<number> number::power(std::int64_t exponent) const {
  if (exponent > most_exponent || exponent < -most_exponent) return std::nullopt;
  const auto parts = decimal_bits::split(*this);
  if (!parts.finite) return std::nullopt;
  if (exponent == 0) return number(1);
  if (parts.coefficient == 0) {
    if (exponent < 0) return std::nullopt;
    return decimal_bits::make(false, 0, parts.exponent * exponent);
  }
  const auto size = static_cast<std::uint64_t>(std::llabs(exponent));
  const unsigned working = decimal::digits + static_cast<unsigned>(std::to_string(size).size()) + 1;
  const exact_decimal base{boost::multiprecision::cpp_int(parts.coefficient), parts.exponent};
  exact_decimal result{1, 0};
  for (std::uint64_t bit = std::uint64_t{1} << 30; bit != 0; bit >>= 1) {
    result = {result.coefficient * result.coefficient, result.exponent * 2};
    round_to(result, working);
    if ((size & bit) == 0) continue;
    result = {result.coefficient * base.coefficient, result.exponent + base.exponent};
    round_to(result, working);
  }
  if (exponent < 0) result = quotient({1, 0}, result, working);
  round_to(result, decimal::digits);
  const bool negative = parts.negative && size % 2 == 1;
  return decimal_bits::make(negative, static_cast<decimal::wide>(result.coefficient),
                            result.exponent);
}

}  // namespace worker::feel
