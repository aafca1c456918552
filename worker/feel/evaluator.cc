#include "worker/feel/evaluator.h"

#include <utility>

#include "connector/base/clock.h"
#include "worker/feel/comparison.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/nodes.h"

namespace worker::feel {

evaluator::evaluator(const scope& variables, const environment& surroundings)
    : variables_(variables),
      surroundings_(surroundings),
      bytes_(byte_bound::of_thread() != nullptr ? *byte_bound::of_thread()
                                                : own_.emplace(surroundings.limits.bytes)) {}

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
  constexpr std::size_t between_looks = 512;  // at the clock, and at what JSON took
  const auto before = steps_;
  steps_ += steps;
  if (steps_ > surroundings_.limits.steps) {
    limit("the evaluation takes more than " + std::to_string(surroundings_.limits.steps) +
          " steps");
  } else if (before / between_looks != steps_ / between_looks) {
    if (bytes_.broken()) {
      fail({});
    } else if (surroundings_.limits.until != connector::deadline::max() &&
               connector::boot_clock::now() >= surroundings_.limits.until) {
      limit("the evaluation takes longer than it may");
    }
  }
  return !stopped();
}

bool evaluator::spend_bytes(std::size_t bytes) {
  if (stopped()) return false;
  if (!bytes_.spend(bytes)) fail({});
  return !stopped();
}

value evaluator::fail(std::string why) {
  if (stopped_) return {};
  // What was not made any more may be why it fails.
  if (bytes_.broken()) {
    limit_broken_ = true;
    why = "the evaluation builds more than " + std::to_string(bytes_.most()) + " bytes of values";
  }
  stopped_ = evaluation_error{std::move(why), at_};
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

value evaluator::error(const syntax& expression, std::string why) {
  error_at_ = expression.offset;
  warn(expression.offset, why);
  return value::error(std::move(why));
}

value evaluator::null_if_error(value from, const syntax&) {
  return from.is(kind::error) ? value() : std::move(from);
}

value evaluator::eval(const syntax& expression, const frame* in) {
  if (expression.operation == op::constant) return expression.constant;
  if (!spend(1)) return {};
  if (depth_ >= surroundings_.limits.depth) {
    return limit("operations and calls are nested deeper than " +
                 std::to_string(surroundings_.limits.depth) + " levels");
  }
  ++depth_;
  const auto caller = std::exchange(at_, expression.offset);
  auto result = dispatch(expression, in);
  if (bytes_.broken()) fail({});
  if (!stopped()) at_ = caller;
  --depth_;
  return result;
}

value evaluator::dispatch(const syntax& expression, const frame* in) {
  switch (expression.operation) {
    case op::constant:
      return expression.constant;
    case op::input:
      return input(in);
    case op::list:
      return list(expression, in);
    case op::context:
      return context_of(expression, in);
    case op::range:
      return range_of(expression, in);
    case op::input_range:
      return in_range(expression, in);
    case op::input_compare:
    case op::any_test:
      return tested(expression, in);
    case op::unary_test:
      return unary_test(expression, in);
    case op::sum:
    case op::product:
    case op::power:
      return arithmetic(expression, in);
    case op::negate:
      return negation(expression, in);
    case op::compare:
      return comparison(expression, in);
    case op::between:
      return between(expression, in);
    case op::instance_of:
      return type_test(expression, in);
    case op::in:
      return this->in(expression, in);
    case op::disjunction:
      return junction(expression, in, true);
    case op::conjunction:
      return junction(expression, in, false);
    case op::conditional:
      return conditional(expression, in);
    case op::for_each:
      return for_each(expression, in);
    case op::some:
    case op::every:
      return quantified(expression, in);
    case op::steps:
      return steps(expression, in);
    case op::variable:
      return variable(expression, in);
    case op::postfix:
      return postfix(expression, in);
    case op::call:
      return call_by_name(expression, in);
    case op::path_call:
      return call_by_path(expression, in);
    case op::lambda:
      return lambda(expression, in);
  }
  return {};
}

value evaluator::list(const syntax& expression, const frame* in) {
  std::vector<value> items;
  if (!spend_items(expression.parts.size())) return {};
  items.reserve(expression.parts.size());
  for (const auto* part : expression.parts) {
    auto item = eval(*part, in);
    if (item.failed()) return value::error(std::string(item.as_string()));
    items.push_back(std::move(item));
  }
  return checked(value(std::move(items)));
}

value evaluator::context_of(const syntax& expression, const frame* in) {
  context entries;
  std::size_t keys = 0;
  for (const auto& name : expression.names) keys += bytes_of_text(name.size());
  if (!spend_bytes(context::bytes_of(expression.parts.size(), keys))) return {};
  entries.reserve(expression.parts.size());
  frame inside;
  inside.outer = in;
  inside.entries = &entries;
  for (std::size_t at = 0; at < expression.parts.size(); ++at) {
    auto made = eval(*expression.parts[at], &inside);
    if (made.failed()) return value::error(std::string(made.as_string()));
    if (made.is(kind::function)) {
      entries.add_function(expression.names[at], std::move(made));
    } else {
      entries.set(expression.names[at], std::move(made));
    }
  }
  return checked(nodes::written_context(std::move(entries)));
}

value evaluator::conditional(const syntax& expression, const frame* in) {
  auto condition = eval(*expression.parts[0], in);
  if (stopped() || condition.is(kind::fatal)) return condition;
  if (!condition.is(kind::boolean) && wants_warnings()) {
    warn(expression.offset,
         "the condition is no boolean but " + std::string(name_of(condition.type())));
  }
  if (condition.is(kind::boolean) && condition.as_boolean()) {
    auto met = eval(*expression.parts[1], in);
    // As FEEL-Scala has it: a branch that has no value makes way for the other one.
    if (!met.is(kind::error)) return met;
  }
  return eval(*expression.parts[2], in);
}

value evaluator::type_test(const syntax& expression, const frame* in) {
  auto of = eval(*expression.parts[0], in);
  if (of.failed()) return of;
  return value(expression.name == "Any" ? !of.is_null() : name_of(of.type()) == expression.name);
}

}  // namespace worker::feel
