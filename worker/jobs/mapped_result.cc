#include "worker/jobs/mapped_result.h"

#include <fmt/format.h>

#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"
#include "connector/operations.h"
#include "worker/results/result_expression.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::error;
using connector::error_object;

// The output names of Alfresco's connector exist for the result of a call alone; other operations
// keep their own names.
results::mapping mapping_of(const rules& by) {
  const bool calls = operation_of(by.job).id == connector::operation_id::invoke;
  return {by.headers.result_variable, by.headers.alfresco_outputs && calls, by.headers.drop_in};
}

bool is_mapped(const rules& by) {
  const auto& headers = by.headers;
  return by.expressions != nullptr && by.job.takes_variables() &&
         (!headers.result_expression.empty() ||
          (headers.drop_in && !headers.result_variable.empty()));
}

results::evaluated<std::string> mapped(const rules& by, std::string_view response,
                                       const std::optional<error_object>& failure) {
  auto out = results::result_variables(by.expressions->session, by.headers.result_variable,
                                       by.headers.result_expression, response);
  if (!out) {
    auto shown =
        shown_reason(out.error(), by.headers.result_expression, response, by.expressions->masks);
    return results::expression_error{out.error().fault, std::move(shown)};
  }
  if (!failure || !by.headers.result_variable.empty()) return out;
  if (json::find(json::members(*out).members, "error")) return out;
  const auto error = only_error(*failure);
  if (*out == "{}") return error;
  return fmt::format("{},{}", std::string_view(*out).substr(0, out->size() - 1),
                     std::string_view(error).substr(1));
}

error unmapped(const results::expression_error& why, const connector::outcome& from) {
  error e;
  e.code = connector::error_code::expression_error;
  e.message = fmt::format(
      "Header 'resultExpression' {}. It was evaluated over the result of {}. The function has run "
      "and is not called again. Correct the expression in the model.",
      why.message, call_text(from));
  e.request_id = from.request_id;
  return e;
}

std::string only_error(const error_object& e) {
  return json::object_writer().raw("error", e.json()).take();
}

std::string variables_in_spite_of(const error_object& e, const rules& by) {
  auto none = results::no_answer(operation_of(by.job));
  if (!is_mapped(by)) {
    return results::completion_variables(std::move(none), e, mapping_of(by));
  }
  const auto out = mapped(by, results::response_object(none, e), e);
  return out ? *out : only_error(e);
}

}  // namespace worker::jobs
