#include "worker/jobs/drop_in_ends.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/json_writer.h"
#include "worker/dropin/error_object.h"
#include "worker/jobs/durable_task.h"
#include "worker/jobs/mapped_result.h"
#include "worker/jobs/task.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::error;

namespace {

std::string runtime_error(const error& e) {
  return json::object_writer().raw("error", dropin::error_object(e)).take();
}

}  // namespace

std::string drop_in_response(const connector::outcome& from) {
  if (const auto* e = from.failed()) return runtime_error(*e);
  return results::drop_in_response(*from.answered());
}

std::optional<error> drop_in_refusal(std::string_view variables, const connector::outcome& from) {
  // The connector runtime would carry such a text out in the next task that gets it.
  if (variables.find("camunda.function.type") == std::string_view::npos) return std::nullopt;
  error e;
  e.code = connector::error_code::response_refused;
  e.message = fmt::format(
      "The result of {} holds the text camunda.function.type, which other connectors take for a "
      "call of a function of theirs, so it is not written. The function has run and is not called "
      "again.",
      call_text(from));
  e.request_id = from.request_id;
  return e;
}

drop_in_answer map_drop_in_answer(const connector::outcome& from, const rules& by,
                                  std::string_view response) {
  drop_in_answer out;
  auto variables = mapped(by, response, std::nullopt);
  out.failure = variables ? drop_in_refusal(*variables, from) : unmapped(variables.error(), from);
  out.seen = response;
  if (out.failure) {
    out.seen = runtime_error(*out.failure);
  } else if (*variables != "{}") {
    out.seen = *variables;
  }
  if (variables) out.variables = *std::move(variables);
  return out;
}

std::string drop_in_fail_variables(const error& e, bool removes_marker, std::string_view progress) {
  json::object_writer out;
  out.raw("error", dropin::error_object(e));
  if (removes_marker) out.null(at_most_once_marker_variable);
  if (!progress.empty()) out.raw(durable_variable, progress);
  return out.take();
}

}  // namespace worker::jobs
