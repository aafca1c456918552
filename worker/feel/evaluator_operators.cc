// What operators do: arithmetic, comparisons, three-valued and and or.
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/evaluator.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

value evaluator::arithmetic(const syntax& expression, const frame* in) {
  auto so_far = eval(*expression.parts[0], in);
  for (std::size_t at = 1; at < expression.parts.size(); ++at) {
    auto right = eval(*expression.parts[at], in);
    if (stopped()) return {};
    if (so_far.is(kind::fatal)) continue;
    if (so_far.is(kind::error)) {
      so_far = value();
      continue;
    }
    if (right.failed()) {
      so_far = right.is(kind::fatal) ? std::move(right) : value();
      continue;
    }
    // Texts are joined.
    if (so_far.is(kind::string) && right.is(kind::string) &&
        !spend_bytes(so_far.as_string().size() + right.as_string().size())) {
      return {};
    }
    arithmetic_result result;
    if (expression.operation == op::power) {
      result = raise(so_far, right);
    } else {
      switch (expression.signs[at - 1]) {
        case '+':
          result = add(so_far, right);
          break;
        case '-':
          result = subtract(so_far, right);
          break;
        case '*':
          result = multiply(so_far, right);
          break;
        default:
          result = divide(so_far, right);
      }
    }
    if (!result.failure.empty()) return fail(std::move(result.failure));
    if (result.value.is(kind::error)) {
      warn(expression.offset, std::string(result.value.as_string()));
      result.value = value();
    }
    so_far = std::move(result.value);
  }
  return so_far;
}

value evaluator::negation(const syntax& expression, const frame* in) {
  auto of = eval(*expression.parts[0], in);
  if (of.is(kind::number)) return long_negation(of).value_or(-of.as_number());
  if (of.is(kind::fatal)) return of;
  if (!of.is(kind::error) && wants_warnings()) {
    warn(expression.offset, "cannot negate " + std::string(name_of(of.type())));
  }
  return {};
}

value evaluator::equality(const syntax& expression, const value& left, const value& right) {
  if (left.failed()) return left;
  if (right.failed()) return right;
  if (const auto result = equal(left, right, *this)) return value(*result);
  if (wants_warnings()) {
    warn(expression.offset, "cannot compare " + std::string(name_of(left.type())) + " with " +
                                std::string(name_of(right.type())));
  }
  return {};
}

value evaluator::compare(const syntax& expression, relation by, const value& left,
                         const value& right) {
  if (by == relation::equal) return equality(expression, left, right);
  if (by == relation::not_equal) {
    auto result = equality(expression, left, right);
    if (result.is(kind::boolean)) return value(!result.as_boolean());
    return result.is(kind::fatal) ? result : value();
  }
  if (left.failed()) return left;
  if (right.failed()) return right;
  if (!spend(steps_of(left, right))) return {};
  if (left.type() != right.type() || !is_ordered(left, *this) || !is_ordered(right, *this)) {
    if (wants_warnings()) {
      warn(expression.offset, "cannot compare " + std::string(name_of(left.type())) + " with " +
                                  std::string(name_of(right.type())));
    }
    return {};
  }
  const auto ordering = order(left, right);
  if (!ordering) return fail("lists have no order");
  switch (by) {
    case relation::less:
      return value(*ordering < 0);
    case relation::less_equal:
      return value(*ordering <= 0);
    case relation::greater:
      return value(*ordering > 0);
    default:
      return value(*ordering >= 0);
  }
}

value evaluator::comparison(const syntax& expression, const frame* in) {
  const auto left = eval(*expression.parts[0], in);
  const auto right = eval(*expression.parts[1], in);
  if (stopped()) return {};
  return compare(expression, expression.comparison, left, right);
}

value evaluator::boolean_or_null(value from, const syntax& expression) {
  if (from.is(kind::boolean) || from.is(kind::fatal)) return from;
  if (!from.is(kind::error) && wants_warnings()) {
    warn(expression.offset, "expected a boolean, found " + std::string(name_of(from.type())));
  }
  return {};
}

void evaluator::join(value& so_far, value next, bool ends_with, const syntax& expression) {
  if (so_far.is_null()) {
    const bool ends = next.is(kind::boolean) && next.as_boolean() == ends_with;
    if (ends || next.is(kind::fatal)) so_far = std::move(next);
    return;
  }
  so_far = boolean_or_null(std::move(next), expression);
}

namespace {

bool decided(const value& so_far, bool ends_with) {
  return so_far.is(kind::fatal) || (so_far.is(kind::boolean) && so_far.as_boolean() == ends_with);
}

}  // namespace

value evaluator::junction(const syntax& expression, const frame* in, bool ends_with) {
  value so_far(!ends_with);
  for (const auto* part : expression.parts) {
    if (decided(so_far, ends_with) || stopped()) break;
    join(so_far, eval(*part, in), ends_with, expression);
  }
  return so_far;
}

value evaluator::between(const syntax& expression, const frame* in) {
  const auto of = eval(*expression.parts[0], in);
  value so_far(true);
  join(so_far, compare(expression, relation::greater_equal, of, eval(*expression.parts[1], in)),
       false, expression);
  if (decided(so_far, false) || stopped()) return so_far;
  join(so_far, compare(expression, relation::less_equal, of, eval(*expression.parts[2], in)), false,
       expression);
  return so_far;
}

}  // namespace worker::feel
