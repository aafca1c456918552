// `in`, the tests behind it, and ranges. The value under test is a variable of its own, as in
// FEEL-Scala; `?` is another one, there only where a test mentions it.
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/evaluator.h"

namespace worker::feel {

namespace {

constexpr std::string_view tested_value = "cellInput";
constexpr std::string_view question_mark = "?";

std::optional<value> find(std::string_view name, const frame* in) {
  for (; in != nullptr; in = in->outer) {
    if (auto found = in->find(name)) return found;
  }
  return std::nullopt;
}

}  // namespace

value evaluator::in(const syntax& expression, const frame* in) {
  const auto of = eval(*expression.parts[0], in);
  if (of.failed() || stopped()) return of;
  frame inside;
  inside.outer = in;
  inside.names = std::span(&tested_value, 1);
  inside.values = std::span(&of, 1);
  return eval(*expression.parts[1], &inside);
}

value evaluator::input(const frame* in) {
  if (auto found = find(question_mark, in)) return *std::move(found);
  return value::fatal("'?' is there only in the test behind 'in'");
}

value evaluator::tested(const syntax& expression, const frame* in) {
  if (expression.operation == op::any_test) return junction(expression, in, true);
  const auto of = find(tested_value, in);
  return compare(expression, expression.comparison, of.value_or(value()),
                 eval(*expression.parts[0], in));
}

value evaluator::in_range(const syntax& expression, const frame* in) {
  const auto low = eval(*expression.parts[0], in);
  const auto high = eval(*expression.parts[1], in);
  const auto of = find(tested_value, in).value_or(value());
  if (of.type() != low.type() || of.type() != high.type() || !is_ordered(of, *this) ||
      !is_ordered(low, *this) || !is_ordered(high, *this)) {
    if (wants_warnings()) {
      warn(expression.offset, "cannot compare " + std::string(name_of(of.type())) +
                                  " with a range from " + std::string(name_of(low.type())) +
                                  " to " + std::string(name_of(high.type())));
    }
    return {};
  }
  const auto from_low = order(of, low);
  const auto from_high = order(of, high);
  if (!from_low || !from_high) return fail("lists have no order");
  const bool above = expression.start_closed ? *from_low >= 0 : *from_low > 0;
  const bool below = expression.end_closed ? *from_high <= 0 : *from_high < 0;
  return value(above && below);
}

value evaluator::unary_test(const syntax& expression, const frame* in) {
  const auto of = find(tested_value, in).value_or(value());
  const auto& test = *expression.parts[0];
  auto result = eval(test, in);
  if (stopped()) return {};
  if (result.is(kind::fatal)) {
    frame inside;
    inside.outer = in;
    inside.names = std::span(&question_mark, 1);
    inside.values = std::span(&of, 1);
    auto again = eval(test, &inside);
    return again.is(kind::boolean) ? again : value();
  }
  if (result.is(kind::boolean) && result.as_boolean()) return result;
  if (result.is(kind::list)) {
    for (const auto& item : result.items()) {
      if (!spend(1)) return {};
      if (same(item, of, *this)) return value(true);
    }
  }
  const auto equal = equality(expression, of, result);
  if (equal.is(kind::boolean) && equal.as_boolean()) return equal;
  if (result.is(kind::boolean) || result.is(kind::list)) return value(false);
  return equal.is_null() ? value() : value(false);
}

value evaluator::range_of(const syntax& expression, const frame* in) {
  auto low = eval(*expression.parts[0], in);
  auto high = eval(*expression.parts[1], in);
  if (low.failed()) return low;
  if (high.failed()) return high;
  if (low.type() != high.type() || !is_ordered(low, *this) || low.is(kind::string) ||
      low.is(kind::list)) {
    return error(expression, "no range from " + std::string(name_of(low.type())) + " to " +
                                 std::string(name_of(high.type())));
  }
  return value(
      range{std::move(low), std::move(high), expression.start_closed, expression.end_closed});
}

}  // namespace worker::feel
