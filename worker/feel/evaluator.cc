#include "worker/feel/evaluator.h"

#include <utility>

#include "connector/base/clock.h"
#include "worker/feel/comparison.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

evaluation evaluator::run(const syntax& root) {
  auto result = eval(root, nullptr);
  if (!stopped_ && result.failed()) {
    stopped_ = evaluation_error{std::string(result.as_string()), error_at_};
  }
  if (stopped_) return {std::move(*stopped_), std::move(warnings_)};
  return {std::move(result), std::move(warnings_)};
}

bool evaluator::spend(std::size_t steps) {
  if (stopped()) return false;
  constexpr std::size_t between_looks = 512;  // at the clock
  const auto before = steps_;
  steps_ += steps;
  if (steps_ > surroundings_.limits.steps) {
    limit("the evaluation takes more than " + std::to_string(surroundings_.limits.steps) +
          " steps");
  } else if (before / between_looks != steps_ / between_looks &&
             surroundings_.limits.until != connector::deadline::max() &&
             connector::boot_clock::now() >= surroundings_.limits.until) {
    limit("the evaluation takes longer than it may");
  }
  return !stopped();
}

bool evaluator::spend_bytes(std::size_t bytes) {
  if (stopped()) return false;
  bytes_ += bytes;
  if (bytes_ > surroundings_.limits.bytes) {
    limit("the evaluation builds more than " + std::to_string(surroundings_.limits.bytes) +
          " bytes of values");
  }
  return !stopped();
}

value evaluator::fail(std::string why) {
  if (!stopped_) stopped_ = evaluation_error{std::move(why), at_};
  return {};
}

value evaluator::limit(std::string why) {
  if (!stopped_) limit_broken_ = true;
  return fail(std::move(why));
}

value evaluator::checked(value built) {
  if (built.depth() <= surroundings_.limits.value_depth) return built;
  return limit("a value is nested deeper than " + std::to_string(surroundings_.limits.value_depth) +
               " levels");
}

void evaluator::warn(std::uint32_t offset, std::string message) {
  if (wants_warnings()) warnings_.push_back({std::move(message), offset});
}

value evaluator::error(const syntax& what, std::string why) {
  error_at_ = what.offset;
  warn(what.offset, why);
  return value::error(std::move(why));
}

value evaluator::null_if_error(value from, const syntax&) {
  return from.is(kind::error) ? value() : std::move(from);
}

value evaluator::eval(const syntax& what, const frame* in) {
  if (what.what == op::constant) return what.constant;
  if (!spend(1)) return {};
  if (depth_ >= surroundings_.limits.depth) {
    return limit("operations and calls are nested deeper than " +
                 std::to_string(surroundings_.limits.depth) + " levels");
  }
  ++depth_;
  const auto caller = std::exchange(at_, what.offset);
  auto result = dispatch(what, in);
  if (!stopped()) at_ = caller;
  --depth_;
  return result;
}

value evaluator::dispatch(const syntax& what, const frame* in) {
  switch (what.what) {
    case op::constant:
      return what.constant;
    case op::input:
      return input(in);
    case op::list:
      return list(what, in);
    case op::context:
      return context_of(what, in);
    case op::range:
      return range_of(what, in);
    case op::input_range:
      return in_range(what, in);
    case op::input_compare:
    case op::any_test:
      return tested(what, in);
    case op::unary_test:
      return unary_test(what, in);
    case op::sum:
    case op::product:
    case op::power:
      return arithmetic(what, in);
    case op::negate:
      return negation(what, in);
    case op::compare:
      return comparison(what, in);
    case op::between:
      return between(what, in);
    case op::instance_of:
      return type_test(what, in);
    case op::in:
      return this->in(what, in);
    case op::disjunction:
      return junction(what, in, true);
    case op::conjunction:
      return junction(what, in, false);
    case op::conditional:
      return conditional(what, in);
    case op::for_each:
      return for_each(what, in);
    case op::some:
    case op::every:
      return quantified(what, in);
    case op::steps:
      return steps(what, in);
    case op::variable:
      return variable(what, in);
    case op::postfix:
      return postfix(what, in);
    case op::call:
      return call_by_name(what, in);
    case op::path_call:
      return call_by_path(what, in);
    case op::lambda:
      return lambda(what, in);
  }
  return {};
}

value evaluator::list(const syntax& what, const frame* in) {
  std::vector<value> items;
  if (!spend_bytes(what.parts.size() * sizeof(value))) return {};
  items.reserve(what.parts.size());
  for (const auto* part : what.parts) {
    auto item = eval(*part, in);
    if (item.failed()) return value::error(std::string(item.as_string()));
    items.push_back(std::move(item));
  }
  return checked(value(std::move(items)));
}

value evaluator::context_of(const syntax& what, const frame* in) {
  context entries;
  if (!spend_bytes(what.parts.size() * sizeof(entry))) return {};
  entries.reserve(what.parts.size());
  frame inside;
  inside.outer = in;
  inside.entries = &entries;
  for (std::size_t at = 0; at < what.parts.size(); ++at) {
    auto made = eval(*what.parts[at], &inside);
    if (made.failed()) return value::error(std::string(made.as_string()));
    if (made.is(kind::function)) {
      entries.add_function(what.names[at], std::move(made));
    } else {
      entries.set(what.names[at], std::move(made));
    }
  }
  return checked(nodes::written_context(std::move(entries)));
}

value evaluator::arithmetic(const syntax& what, const frame* in) {
  auto so_far = eval(*what.parts[0], in);
  for (std::size_t at = 1; at < what.parts.size(); ++at) {
    auto right = eval(*what.parts[at], in);
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
    arithmetic_result result;
    if (what.what == op::power) {
      result = raise(so_far, right);
    } else {
      switch (what.signs[at - 1]) {
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
    if (result.what.is(kind::error)) {
      warn(what.offset, std::string(result.what.as_string()));
      result.what = value();
    } else if (result.what.is(kind::string)) {
      if (!spend_bytes(result.what.as_string().size())) return {};
    }
    so_far = std::move(result.what);
  }
  return so_far;
}

value evaluator::negation(const syntax& what, const frame* in) {
  auto of = eval(*what.parts[0], in);
  if (of.is(kind::number)) return long_negation(of).value_or(-of.as_number());
  if (of.is(kind::fatal)) return of;
  if (!of.is(kind::error) && wants_warnings()) {
    warn(what.offset, "cannot negate " + std::string(name_of(of.what())));
  }
  return {};
}

value evaluator::equality(const syntax& what, const value& left, const value& right) {
  if (left.failed()) return left;
  if (right.failed()) return right;
  if (const auto result = equal(left, right, *this)) return value(*result);
  if (wants_warnings()) {
    warn(what.offset, "cannot compare " + std::string(name_of(left.what())) + " with " +
                          std::string(name_of(right.what())));
  }
  return {};
}

value evaluator::compare(const syntax& what, relation by, const value& left, const value& right) {
  if (by == relation::equal) return equality(what, left, right);
  if (by == relation::not_equal) {
    auto result = equality(what, left, right);
    if (result.is(kind::boolean)) return value(!result.as_boolean());
    return result.is(kind::fatal) ? result : value();
  }
  if (left.failed()) return left;
  if (right.failed()) return right;
  if (!spend(steps_of(left, right))) return {};
  if (left.what() != right.what() || !is_ordered(left) || !is_ordered(right)) {
    if (wants_warnings()) {
      warn(what.offset, "cannot compare " + std::string(name_of(left.what())) + " with " +
                            std::string(name_of(right.what())));
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

value evaluator::comparison(const syntax& what, const frame* in) {
  const auto left = eval(*what.parts[0], in);
  const auto right = eval(*what.parts[1], in);
  if (stopped()) return {};
  return compare(what, what.comparison, left, right);
}

value evaluator::boolean_or_null(value from, const syntax& what) {
  if (from.is(kind::boolean) || from.is(kind::fatal)) return from;
  if (!from.is(kind::error) && wants_warnings()) {
    warn(what.offset, "expected a boolean, found " + std::string(name_of(from.what())));
  }
  return {};
}

void evaluator::join(value& so_far, value next, bool ends_with, const syntax& what) {
  if (so_far.is_null()) {
    const bool ends = next.is(kind::boolean) && next.as_boolean() == ends_with;
    if (ends || next.is(kind::fatal)) so_far = std::move(next);
    return;
  }
  so_far = boolean_or_null(std::move(next), what);
}

namespace {

bool decided(const value& so_far, bool ends_with) {
  return so_far.is(kind::fatal) || (so_far.is(kind::boolean) && so_far.as_boolean() == ends_with);
}

}  // namespace

value evaluator::junction(const syntax& what, const frame* in, bool ends_with) {
  value so_far(!ends_with);
  for (const auto* part : what.parts) {
    if (decided(so_far, ends_with) || stopped()) break;
    join(so_far, eval(*part, in), ends_with, what);
  }
  return so_far;
}

value evaluator::between(const syntax& what, const frame* in) {
  const auto of = eval(*what.parts[0], in);
  value so_far(true);
  join(so_far, compare(what, relation::greater_equal, of, eval(*what.parts[1], in)), false, what);
  if (decided(so_far, false) || stopped()) return so_far;
  join(so_far, compare(what, relation::less_equal, of, eval(*what.parts[2], in)), false, what);
  return so_far;
}

value evaluator::conditional(const syntax& what, const frame* in) {
  auto condition = eval(*what.parts[0], in);
  if (stopped() || condition.is(kind::fatal)) return condition;
  if (!condition.is(kind::boolean) && wants_warnings()) {
    warn(what.offset, "the condition is no boolean but " + std::string(name_of(condition.what())));
  }
  if (condition.is(kind::boolean) && condition.as_boolean()) {
    auto met = eval(*what.parts[1], in);
    // As FEEL-Scala has it: a branch that has no value makes way for the other one.
    if (!met.is(kind::error)) return met;
  }
  return eval(*what.parts[2], in);
}

value evaluator::type_test(const syntax& what, const frame* in) {
  auto of = eval(*what.parts[0], in);
  if (of.failed()) return of;
  return value(what.name == "Any" ? !of.is_null() : name_of(of.what()) == what.name);
}

}  // namespace worker::feel
