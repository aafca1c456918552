// A decimal number of any size, for the few places where 34 digits are not enough: powers while
// they are computed, and numbers that were written with more digits. Pure.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "worker/feel/number.h"

namespace worker::feel {

struct exact_decimal {
  boost::multiprecision::cpp_int coefficient;
  std::int64_t exponent = 0;
};

boost::multiprecision::cpp_int ten_to(unsigned exponent);
unsigned digits_of(const boost::multiprecision::cpp_int& number);

// Half-even to so many digits.
void round_to(exact_decimal& number, unsigned digits);

// `right` is not zero. Rounded to so many digits, with no more zeros at the end than the exponents
// of both ask for.
exact_decimal quotient(const exact_decimal& left, const exact_decimal& right, unsigned digits);

exact_decimal exact(const number& from);
// Digits with an optional sign and point.
exact_decimal exact(std::string_view digits);
// As java.math.BigDecimal writes it.
std::string to_string(const exact_decimal& number);

}  // namespace worker::feel
