#include "worker/results/result_expression.h"

#include <fmt/format.h>

#include <utility>

#include "worker/feel/value.h"

namespace worker::results {

evaluated<std::string> result_variables(expression_session& session,
                                        const std::string& result_variable,
                                        std::string_view result_expression,
                                        std::string_view response) {
  const auto bound = bound_of(session);
  const auto names = scope_of(response, {});
  if (!names) return names.error();
  feel::context out;
  if (!result_variable.empty()) out.set(result_variable, *names->find("response"));
  if (is_expression(result_expression)) {
    auto value = evaluate(session, result_expression, *names);
    if (!value) return value.error();
    if (value->is(feel::kind::context)) {
      auto both = with_variables(std::move(out), *value);
      if (!both) return both.error();
      out = *std::move(both);
    } else if (!value->is_null()) {
      return expression_error{
          expression_fault::wrong_value,
          fmt::format("must give a context such as {{name: value}}, or null; it gives a {}",
                      feel::name_of(value->type()))};
    }
  }
  return json_of(session, feel::value(std::move(out)));
}

}  // namespace worker::results
