#include "worker/jobs/job_refusals.h"

#include <fmt/format.h>

#include "connector/base/result.h"
#include "worker/jobs/task.h"
#include "worker/results/expressions.h"

namespace worker::jobs {

using connector::failure_class;

connector::error call_may_have_started(const engine::job& job) {
  connector::error e;
  e.code = connector::error_code::ambiguous;
  e.failure = failure_class::ambiguous;
  e.message = fmt::format(
      "An earlier activation of this job went as far as calling the function, and its outcome is "
      "not known; with atMostOnce=true it is not called again. Find out whether the function ran. "
      "To let it be called once more, set the task's local variable '{}' to null, give job {} "
      "retries and resolve the incident.",
      at_most_once_marker_variable, job.key);
  return e;
}

connector::error kind_refused(const engine::job& job) {
  connector::error e;
  e.code = connector::error_code::invalid_request;
  e.message =
      job.kind == engine::job_kind::ad_hoc_sub_process
          ? "This job is an ad-hoc sub-process's (kind AD_HOC_SUB_PROCESS), whose worker says "
            "which "
            "of its elements run next; this worker cannot. Nothing was called. Give the ad-hoc "
            "sub-process another job type, and call the function from a service task."
          : fmt::format(
                "This job is of a kind that this version of the worker does not know (number "
                "{}). Nothing was called. It runs jobs of service tasks, execution "
                "listeners and task listeners: use one of these, or a newer worker.",
                job.kind_number);
  return e;
}

connector::error engine_not_known(const std::string& field) {
  connector::error e;
  e.code = connector::error_code::secret_error;
  e.failure = failure_class::not_started;
  e.message = fmt::format(
      "{} holds a key in clear, which this worker takes from engines since 8.10 alone "
      "(REQUIRE_SECRET_REFERENCES=engine), and the gateway did not say the engine's version "
      "(Topology). The function was not called. Let the worker's client read the topology.",
      field);
  return e;
}

connector::error plaintext_key_error(const std::string& field, std::string_view why) {
  return connector::bad_input(fmt::format(
      "{0} holds a key in clear, which this worker refuses "
      "(REQUIRE_SECRET_REFERENCES{1}).{2}{3} Put the key into the worker's secrets and write "
      "{{{{secrets.NAME}}}} into the custom header {0}, or there with the custom header "
      "secrets={0}:NAME.",
      field, why.empty() ? "" : "=engine", why.empty() ? "" : " ", why));
}

std::optional<connector::error> unreadable_expressions(feel::expression_cache& parsed,
                                                       task_headers& headers) {
  std::string wrong;
  const auto look_at = [&](std::string_view name, std::string& text) {
    if (text.empty()) return;
    const auto why = results::unreadable(parsed, text);
    if (!why) return;
    wrong += fmt::format("Header '{}' {}. ", name, why->message);
    text.clear();
  };
  look_at("resultExpression", headers.result_expression);
  look_at("errorExpression", headers.error_expression);
  look_at("retryBackoff", headers.retry_backoff_expression);
  if (wrong.empty()) return std::nullopt;
  connector::error e;
  e.code = connector::error_code::expression_error;
  e.message = wrong + "The function was not called. Correct the expression in the model.";
  return e;
}

connector::error marker_refused(const engine::status& status) {
  connector::error e;
  e.code = connector::error_code::service_error;
  e.failure = failure_class::not_started;
  e.message = fmt::format(
      "The marker of atMostOnce could not be written: the engine answered {} to SetVariables. The "
      "function was not called. Let the worker's client set variables of process instances, or "
      "take the header atMostOnce off the task.",
      engine::name_of(status.code));
  return e;
}

}  // namespace worker::jobs
