// Function definitions and calls.
#include <algorithm>
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/evaluator.h"
#include "worker/feel/function_node.h"

namespace worker::feel {

namespace {

// A call of a built-in function: its arguments, and the evaluation behind them.
class active_call final : public call {
 public:
  active_call(evaluator& within, std::span<const value> arguments)
      : call(arguments), within_(within) {}

  value fail(std::string why) override { return within_.fail(std::move(why)); }
  bool stopped() const override { return within_.stopped(); }
  bool spend(std::size_t steps) override { return within_.spend(steps); }
  bool spend_bytes(std::size_t bytes) override { return within_.spend_bytes(bytes); }
  std::size_t bytes_left() const override { return within_.bytes_left(); }
  value invoke(const value& function, std::span<const value> arguments) override {
    return within_.invoke_caught(function, arguments);
  }
  std::size_t parameters_of(const value& function) const override {
    return parameters(function).size();
  }
  const environment& surroundings() const override { return within_.surroundings(); }

 protected:
  value checked(value built) override { return within_.checked(std::move(built)); }

 private:
  evaluator& within_;
};

bool fits(const value& function, const syntax& expression, std::size_t given) {
  const auto& names = parameters(function);
  if (!expression.named) return names.size() == given;
  return std::all_of(expression.names.begin(), expression.names.end(),
                     [&names](const std::string& each) {
                       return std::find(names.begin(), names.end(), each) != names.end();
                     });
}

const value* function_in(const context& entries, const syntax& expression, std::size_t given) {
  for (const auto& each : entries.functions()) {
    if (each.key == expression.name && fits(each.value, expression, given)) return &each.value;
  }
  return nullptr;
}

// Functions are never read from JSON, which is not looked into for them.
const value* function_in(const value& entries, const syntax& expression, std::size_t given) {
  return entries.json().empty() ? function_in(entries.entries(), expression, given) : nullptr;
}

}  // namespace

const value* evaluator::find_function(const syntax& expression, const frame* in) const {
  const auto given = expression.parts.size();
  for (; in != nullptr; in = in->outer) {
    const value* found = nullptr;
    if (in->entries != nullptr) found = function_in(*in->entries, expression, given);
    if (in->within != nullptr) found = function_in(*in->within, expression, given);
    if (found != nullptr) return found;
  }
  const auto& layers = variables_.layers();
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (const auto* found = function_in(*layer, expression, given)) return found;
  }
  return nullptr;
}

value evaluator::call_by_name(const syntax& expression, const frame* in) {
  value result;
  if (const auto* function = find_function(expression, in)) {
    const auto kept = *function;
    result = call_lambda(kept, expression, in);
  } else if (expression.builtin != nullptr) {
    result = call_builtin(*expression.builtin, expression, in);
  } else {
    warn(expression.offset,
         "there is no function '" + expression.name + "' with " +
             (expression.named ? "these parameters"
                               : std::to_string(expression.parts.size()) + " parameters"));
    return {};
  }
  if (!result.is(kind::error)) return result;
  if (expression.name == "assert") return fail(std::string(result.as_string()));
  warn(expression.offset, expression.name + ": " + std::string(result.as_string()));
  return {};
}

value evaluator::call_by_path(const syntax& expression, const frame* in) {
  const auto of = eval(*expression.parts[0], in);
  if (of.failed()) return of;
  if (!of.is(kind::context)) {
    return error(expression, "'" + expression.name + "' is called on " +
                                 std::string(name_of(of.type())) + ", which is no context");
  }
  const auto* function = function_in(of, expression, expression.parts.size() - 1);
  if (function == nullptr) {
    return error(expression,
                 "the context has no function '" + expression.name + "' with these parameters");
  }
  return call_lambda(*function, expression, in);
}

std::optional<std::vector<value>> evaluator::arguments(const syntax& expression, const frame* in,
                                                       value& failed) {
  const bool by_path = expression.operation == op::path_call;
  std::vector<value> given;
  given.reserve(expression.parts.size());
  for (std::size_t at = by_path ? 1 : 0; at < expression.parts.size(); ++at) {
    given.push_back(eval(*expression.parts[at], in));
    const auto& last = given.back();
    if (last.is(kind::fatal) && !failed.is(kind::fatal)) failed = last;
    if (last.is(kind::error) && !failed.failed()) failed = last;
  }
  if (stopped() || failed.failed()) return std::nullopt;
  return given;
}

// In the order of the parameters; those that were not given are null.
std::vector<value> evaluator::by_name(std::span<const std::string_view> parameters,
                                      const syntax& expression, std::vector<value> given) {
  std::vector<value> ordered(parameters.size());
  for (std::size_t at = 0; at < parameters.size(); ++at) {
    // Of two with one name the last counts.
    for (std::size_t name = 0; name < expression.names.size(); ++name) {
      if (expression.names[name] == parameters[at]) ordered[at] = given[name];
    }
  }
  return ordered;
}

value evaluator::call_lambda(const value& function, const syntax& expression, const frame* in) {
  value failed;
  auto given = arguments(expression, in, failed);
  if (!given) return failed;
  if (expression.named) {
    const auto& names = parameters(function);
    const std::vector<std::string_view> wanted(names.begin(), names.end());
    *given = by_name(wanted, expression, std::move(*given));
  }
  return invoke(function, *given);
}

value evaluator::call_builtin(const function_row& row, const syntax& expression, const frame* in) {
  value failed;
  auto given = arguments(expression, in, failed);
  if (!given) return failed;
  const auto arity = row.arity();
  if (expression.named) {
    *given = by_name(std::span(row.parameters).first(arity), expression, std::move(*given));
  } else if (row.variadic && !(arity == 1 && given->size() == 1 && given->front().is(kind::list))) {
    const auto fixed = static_cast<std::ptrdiff_t>(arity) - 1;
    std::vector<value> rest(std::make_move_iterator(given->begin() + fixed),
                            std::make_move_iterator(given->end()));
    given->resize(arity - 1);
    if (!spend_items(rest.size())) return {};
    given->push_back(checked(value(std::move(rest))));
  }
  std::size_t looked_at = 0;
  for (const auto& one : *given) looked_at += steps_of(one);
  if (!spend(looked_at)) return {};
  active_call running(*this, *given);
  return row.run(running);
}

value evaluator::invoke(const value& function, std::span<const value> arguments) {
  const auto& node = *static_cast<const function_node*>(function.shared());
  const std::vector<std::string_view> names(node.definition.names.begin(),
                                            node.definition.names.end());
  frame inside;
  inside.outer = node.frames.innermost();
  inside.names = std::span(names).first(std::min(names.size(), arguments.size()));
  inside.values = arguments.first(inside.names.size());
  return eval(*node.definition.parts[0], &inside);
}

value evaluator::invoke_caught(const value& function, std::span<const value> arguments) {
  if (stopped()) return {};
  auto result = invoke(function, arguments);
  if (!stopped() || limit_broken_) return result;
  result = value::error(std::move(stopped_->message));
  stopped_.reset();
  return result;
}

value evaluator::lambda(const syntax& expression, const frame* in) {
  if (!spend_bytes(kept_frames::bytes_of(in))) return {};
  boost::intrusive_ptr<const node> made(new function_node(expression, kept_frames(in)));
  return checked(value(kind::function, std::move(made)));
}

}  // namespace worker::feel
