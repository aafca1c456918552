// Walks a tree once and computes its value. Errors of the language are values (kind::error), which
// most operations make null; what ends the evaluation (a broken limit, what FEEL-Scala throws) is
// kept apart, and everything returns quickly from then on. Lives for one evaluation; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "worker/feel/arithmetic.h"
#include "worker/feel/byte_bound.h"
#include "worker/feel/call.h"
#include "worker/feel/environment.h"
#include "worker/feel/expression.h"
#include "worker/feel/frame.h"
#include "worker/feel/scope.h"
#include "worker/feel/tree.h"

namespace worker::feel {

class evaluator final : public work {
 public:
  // Bytes count for the bound that the thread has, when it has one.
  evaluator(const scope& variables, const environment& surroundings);

  evaluation run(const syntax& root);

  // For calls of built-in functions.
  bool spend(std::size_t steps) override;
  bool spend_bytes(std::size_t bytes) override;
  std::size_t bytes_left() const { return bytes_.left(); }
  value fail(std::string why);
  value limit(std::string why);
  bool stopped() const { return stopped_.has_value(); }
  value checked(value built);
  value invoke(const value& function, std::span<const value> arguments);
  // The same, but what fails in it is an error value. Broken limits are not caught.
  value invoke_caught(const value& function, std::span<const value> arguments);
  const environment& surroundings() const { return surroundings_; }

 private:
  value eval(const syntax& expression, const frame* in);
  value dispatch(const syntax& expression, const frame* in);

  // evaluator.cc
  value list(const syntax& expression, const frame* in);
  value context_of(const syntax& expression, const frame* in);
  value conditional(const syntax& expression, const frame* in);
  value type_test(const syntax& expression, const frame* in);

  // evaluator_operators.cc
  value arithmetic(const syntax& expression, const frame* in);
  value negation(const syntax& expression, const frame* in);
  value comparison(const syntax& expression, const frame* in);
  value compare(const syntax& expression, relation by, const value& left, const value& right);
  value equality(const syntax& expression, const value& left, const value& right);
  value between(const syntax& expression, const frame* in);
  value junction(const syntax& expression, const frame* in, bool ends_with);
  // One step of a three-valued and (ends_with false) or or (true).
  void join(value& so_far, value next, bool ends_with, const syntax& expression);
  value boolean_or_null(value from, const syntax& expression);

  // evaluator_paths.cc
  value variable(const syntax& expression, const frame* in);
  value path(const value& of, std::string_view key, std::uint32_t offset);
  value postfix(const syntax& expression, const frame* in);
  value filtered(const value& list, const syntax& filter, const frame* in, std::uint32_t offset);
  value filtered_by_item(const value& list, const syntax& filter, const frame* in);
  value filter_item(const value& item, const syntax& filter, const frame* in);

  // evaluator_loops.cc
  std::optional<std::vector<value>> iterated(const syntax& expression, const frame* in);
  value for_each(const syntax& expression, const frame* in);
  value quantified(const syntax& expression, const frame* in);
  value steps(const syntax& expression, const frame* in);

  // evaluator_tests.cc
  value in(const syntax& expression, const frame* in);
  value input(const frame* in);
  value tested(const syntax& expression, const frame* in);
  value in_range(const syntax& expression, const frame* in);
  value unary_test(const syntax& expression, const frame* in);
  value range_of(const syntax& expression, const frame* in);

  // evaluator_calls.cc
  value call_by_name(const syntax& expression, const frame* in);
  value call_by_path(const syntax& expression, const frame* in);
  value call_lambda(const value& function, const syntax& expression, const frame* in);
  value call_builtin(const function_row& row, const syntax& expression, const frame* in);
  std::optional<std::vector<value>> arguments(const syntax& expression, const frame* in,
                                              value& failed);
  std::vector<value> by_name(std::span<const std::string_view> parameters, const syntax& expression,
                             std::vector<value> given);
  value lambda(const syntax& expression, const frame* in);
  const value* find_function(const syntax& expression, const frame* in) const;

  value error(const syntax& expression, std::string why);
  value null_if_error(value from, const syntax& expression);
  void warn(std::uint32_t offset, std::string message);
  bool wants_warnings() const { return warnings_.size() < max_warnings; }

  const scope& variables_;
  const environment& surroundings_;
  std::optional<byte_bound> own_;
  byte_bound& bytes_;
  std::vector<warning> warnings_;
  std::optional<evaluation_error> stopped_;
  bool limit_broken_ = false;
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
  std::uint32_t at_ = 0;        // the operation that runs
  std::uint32_t error_at_ = 0;  // where the last error value came from
};

}  // namespace worker::feel
