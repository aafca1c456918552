// Powers, as ANSI X3.274 computes them: square and multiply with a few more digits than the result
// keeps. Java's BigDecimal does it this way, so results agree to the last digit.
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdlib>

#include "worker/feel/decimal_bits.h"

namespace worker::feel {

namespace {

using boost::multiprecision::cpp_int;

constexpr std::int64_t most_exponent = 999'999'999;

struct exact {
  cpp_int coefficient;
  std::int64_t exponent = 0;
};

cpp_int ten_to(unsigned exponent) { return boost::multiprecision::pow(cpp_int(10), exponent); }

unsigned digits_of(const cpp_int& what) {
  return what == 0 ? 1 : static_cast<unsigned>(what.str().size());
}

// Half-even to so many digits.
void round(exact& what, unsigned digits) {
  for (auto has = digits_of(what.coefficient); has > digits; has = digits_of(what.coefficient)) {
    const cpp_int unit = ten_to(has - digits);
    cpp_int rest;
    cpp_int quotient;
    divide_qr(what.coefficient, unit, quotient, rest);
    const cpp_int twice = rest * 2;
    if (twice > unit || (twice == unit && bit_test(quotient, 0))) ++quotient;
    what.coefficient = quotient;
    what.exponent += has - digits;
  }
}

// 1 / what, with so many digits, and no more zeros at the end than `what` asks for.
exact reciprocal(const exact& what, unsigned digits) {
  const unsigned shift = digits + digits_of(what.coefficient) + 1;
  cpp_int quotient;
  cpp_int rest;
  divide_qr(ten_to(shift), what.coefficient, quotient, rest);
  // A digit that says whether there is a rest keeps the rounding right.
  quotient = 10 * quotient;
  if (rest != 0) ++quotient;
  exact out{quotient, -what.exponent - std::int64_t{shift} - 1};
  round(out, digits);
  while (out.exponent < -what.exponent && out.coefficient % 10 == 0) {
    out.coefficient /= 10;
    ++out.exponent;
  }
  return out;
}

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
  const exact base{cpp_int(parts.coefficient), parts.exponent};
  exact result{1, 0};
  for (std::uint64_t bit = std::uint64_t{1} << 30; bit != 0; bit >>= 1) {
    result = {result.coefficient * result.coefficient, result.exponent * 2};
    round(result, working);
    if ((size & bit) == 0) continue;
    result = {result.coefficient * base.coefficient, result.exponent + base.exponent};
    round(result, working);
  }
  if (exponent < 0) result = reciprocal(result, working);
  round(result, decimal::digits);
  const bool negative = parts.negative && size % 2 == 1;
  return decimal_bits::make(negative, static_cast<decimal::wide>(result.coefficient),
                            result.exponent);
}

}  // namespace worker::feel
