#include "worker/feel/long_numbers.h"

#include <algorithm>
#include <utility>

#include "worker/feel/exact_decimal.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

namespace {

constexpr unsigned usual_digits = 34;

struct long_node final : nodes::any_number {
  long_node(exact_decimal from, unsigned digits)
      : decimal(std::move(from)), precision(digits), near(number::parse(to_string(decimal))) {}
  number read() const override { return near.value_or(number()); }
  exact_decimal decimal;
  unsigned precision;
  std::optional<number> near;
};

struct operand {
  exact_decimal decimal;
  unsigned precision = usual_digits;
};

std::size_t significant(std::string_view digits) {
  const auto start = digits.find_first_of("123456789");
  if (start == digits.npos) return 0;
  digits.remove_prefix(start);
  return digits.size() - static_cast<std::size_t>(std::count(digits.begin(), digits.end(), '.'));
}

bool is_long(std::string_view digits) {
  const auto count = significant(digits);
  return count > usual_digits && count <= max_long_digits;
}

std::optional<operand> long_operand(const value& of) {
  if (of.shared() == nullptr) return std::nullopt;
  const auto json = of.json();
  if (!json.empty()) {
    if (json.size() <= usual_digits || json.find_first_of(".eE") != json.npos || !is_long(json)) {
      return std::nullopt;
    }
    return operand{exact(json), static_cast<unsigned>(significant(json))};
  }
  const auto* node = dynamic_cast<const long_node*>(of.shared());
  if (node == nullptr) return std::nullopt;
  return operand{node->decimal, node->precision};
}

value made(exact_decimal result, unsigned precision) {
  round_to(result, precision);
  if (precision > usual_digits) {
    byte_bound::count(heap_bytes(precision));  // its digits, which lie beside the node
    return value(kind::number,
                 boost::intrusive_ptr<const node>(new long_node(std::move(result), precision)));
  }
  return number::parse(to_string(result)).value_or(number());
}

exact_decimal sum(exact_decimal left, exact_decimal right) {
  if (left.exponent > right.exponent) std::swap(left, right);
  const auto shift = right.exponent - left.exponent;
  // Far smaller than the last digit that is kept: it does not count.
  constexpr std::int64_t out_of_sight = 2 * max_long_digits + 10;
  if (shift > out_of_sight) return right;
  return {left.coefficient + right.coefficient * ten_to(static_cast<unsigned>(shift)),
          left.exponent};
}

}  // namespace

std::optional<value> long_number(std::string_view digits) {
  if (!is_long(digits)) return std::nullopt;
  return made(exact(digits), static_cast<unsigned>(significant(digits)));
}

std::optional<value> long_result(const value& left, char sign, const value& right) {
  auto a = long_operand(left);
  auto b = long_operand(right);
  if (!a && !b) return std::nullopt;
  if (!left.as_number().is_finite() || !right.as_number().is_finite()) return std::nullopt;
  if (!a) a = operand{exact(left.as_number())};
  if (!b) b = operand{exact(right.as_number())};
  switch (sign) {
    case '+':
      return made(sum(a->decimal, b->decimal), a->precision);
    case '-':
      return made(sum(a->decimal, {-b->decimal.coefficient, b->decimal.exponent}), a->precision);
    case '*':
      return made({a->decimal.coefficient * b->decimal.coefficient,
                   a->decimal.exponent + b->decimal.exponent},
                  a->precision);
    default:
      if (b->decimal.coefficient == 0) return std::nullopt;
      return made(quotient(a->decimal, b->decimal, a->precision), a->precision);
  }
}

std::optional<value> long_negation(const value& of) {
  auto operand = long_operand(of);
  if (!operand) return std::nullopt;
  operand->decimal.coefficient = -operand->decimal.coefficient;
  return made(std::move(operand->decimal), operand->precision);
}

std::string number_text(const value& of) {
  const auto operand = long_operand(of);
  return operand ? to_string(operand->decimal) : of.as_number().to_string();
}

}  // namespace worker::feel
