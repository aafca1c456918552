#include "worker/feel/exact_decimal.h"

#include <algorithm>
#include <cstdlib>

#include "worker/feel/decimal_bits.h"

namespace worker::feel {

using boost::multiprecision::cpp_int;

cpp_int ten_to(unsigned exponent) { return boost::multiprecision::pow(cpp_int(10), exponent); }

unsigned digits_of(const cpp_int& number) {
  return static_cast<unsigned>(number.str().size()) - (number < 0 ? 1 : 0);
}

void round_to(exact_decimal& number, unsigned digits) {
  for (auto has = digits_of(number.coefficient); has > digits;
       has = digits_of(number.coefficient)) {
    const cpp_int unit = ten_to(has - digits);
    cpp_int rest;
    cpp_int whole;
    divide_qr(number.coefficient, unit, whole, rest);
    const cpp_int twice = abs(rest) * 2;
    if (twice > unit || (twice == unit && bit_test(abs(whole), 0))) {
      whole += number.coefficient < 0 ? -1 : 1;
    }
    number.coefficient = whole;
    number.exponent += has - digits;
  }
}

exact_decimal quotient(const exact_decimal& left, const exact_decimal& right, unsigned digits) {
  const auto preferred = left.exponent - right.exponent;
  const unsigned shift = digits + digits_of(right.coefficient) + 1;
  cpp_int whole;
  cpp_int rest;
  divide_qr(cpp_int(left.coefficient * ten_to(shift)), right.coefficient, whole, rest);
  // One digit more, which says whether there is a rest, keeps the rounding right.
  whole = 10 * whole;
  if (rest != 0) whole += (left.coefficient < 0) != (right.coefficient < 0) ? -1 : 1;
  exact_decimal out{whole, preferred - std::int64_t{shift} - 1};
  round_to(out, digits);
  while (out.exponent < preferred && out.coefficient % 10 == 0) {
    out.coefficient /= 10;
    ++out.exponent;
  }
  return out;
}

exact_decimal exact(const number& from) {
  const auto parts = decimal_bits::split(from);
  cpp_int coefficient(parts.coefficient);
  return {parts.negative ? cpp_int(-coefficient) : coefficient, parts.exponent};
}

exact_decimal exact(std::string_view digits) {
  std::string all(digits);
  const bool negative = all.starts_with('-');
  const auto point = all.find('.');
  const auto after = point == all.npos ? 0 : static_cast<std::int64_t>(all.size() - point - 1);
  std::erase_if(all, [](char each) { return each < '0' || each > '9'; });
  // A leading zero would make the number an octal one.
  all.erase(0, std::min(all.find_first_not_of('0'), all.size() - 1));
  const cpp_int coefficient(all);
  return {negative ? cpp_int(-coefficient) : coefficient, -after};
}

std::string to_string(const exact_decimal& number) {
  auto text = cpp_int(abs(number.coefficient)).str();
  const auto exponent = number.exponent + static_cast<std::int64_t>(text.size()) - 1;
  if (number.exponent <= 0 && exponent >= -6) {
    const auto after = static_cast<std::size_t>(-number.exponent);
    if (after > 0) {
      if (text.size() <= after) text.insert(0, after + 1 - text.size(), '0');
      text.insert(text.size() - after, ".");
    }
  } else {
    if (text.size() > 1) text.insert(1, ".");
    if (exponent != 0) text += (exponent < 0 ? "E-" : "E+") + std::to_string(std::llabs(exponent));
  }
  return number.coefficient < 0 ? '-' + text : text;
}

}  // namespace worker::feel
