#include "worker/jobs/outcome_to_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/utf8.h"
#include "worker/jobs/task.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::cut_utf8;
using connector::error;
using connector::error_object;
using connector::failure_class;
using connector::human;
using connector::name_of;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits retry_limits{milliseconds(1000), milliseconds(300'000)};
// The longest wait that is granted to a service that asks for one.
constexpr milliseconds longest_asked{15 * 60'000};
constexpr std::size_t max_error_code = 200;
constexpr std::size_t max_function_message = 1000;

const connector::operation_spec& operation_of(const job_facts& job) {
  return job.operation ? *job.operation : connector::spec_of(connector::operation_id::invoke);
}

// The output names of Alfresco's connector exist for the result of a call alone; other operations
// keep their own names.
results::mapping mapping_of(const task_headers& headers, const job_facts& job) {
  const bool calls = operation_of(job).id == connector::operation_id::invoke;
  return {headers.result_variable, headers.alfresco_outputs && calls};
}

error_object error_variable(const error& e, const std::string& function) {
  error_object out;
  out.code = name_of(e.code);
  out.type = e.aws_error;
  out.message = e.message;
  out.request_id = e.request_id;
  out.function_name = function;
  return out;
}

std::string only_error(const error_object& e) {
  return json::object_writer().raw("error", e.json()).take();
}

// `asked`: the wait that the service asked for, or zero.
milliseconds back_off(const task_headers& headers, const job_facts& job,
                      const connector::random_source& random, milliseconds asked = {}) {
  const auto least = std::min(asked, longest_asked);
  if (headers.retry_backoff) return std::max(*headers.retry_backoff, least);
  // At least a second: the engine checks back-offs once a second.
  return std::max(
      {milliseconds(1000), least, connector::full_jitter(retry_limits, job.attempt, random)});
}

// Never below zero, whatever number the engine sent.
int one_less(int retries) { return std::max(retries, 1) - 1; }

// `nothing_ran`: the marker of atMostOnce is removed.
std::string fail_variables(const job_facts& job, bool nothing_ran) {
  json::object_writer out;
  out.number(attempt_variable, job.attempt + 1);
  if (job.at_most_once_marker && nothing_ran) out.null(at_most_once_marker_variable);
  return out.take();
}

fail_command failing(int retries, std::string message, milliseconds wait, const job_facts& job,
                     bool nothing_ran) {
  fail_command out;
  out.retries = std::max(0, retries);
  out.message = std::move(message);
  out.back_off = out.retries > 0 ? wait : milliseconds(0);
  out.variables = fail_variables(job, nothing_ran);
  out.send_once = job.at_most_once_marker && nothing_ran;
  return out;
}

// Names the call for messages about its result.
std::string call_text(const connector::outcome& from) {
  std::string text = from.function.empty()
                         ? fmt::format("the list of functions in {}", from.region)
                         : fmt::format("function \"{}\" in {}", from.function, from.region);
  if (!from.request_id.empty()) text += fmt::format(", request id {}", from.request_id);
  return text;
}

complete_command completing(std::string variables, std::string whose, const job_facts& job,
                            bool may_have_run = true) {
  if (!job.takes_variables()) variables.clear();
  return {std::move(variables), std::move(whose), may_have_run};
}

// Ends the message of a failure that would have been thrown.
std::string why_not_thrown(const job_facts& job) {
  return fmt::format(" It is not thrown as a BPMN error, because {} listener{} throws none.",
                     job.kind == engine::job_kind::task_listener ? "a task" : "an execution",
                     job.listener_event.empty() ? "" : fmt::format(" ({})", job.listener_event));
}

// The engine stores codes and people read them: a code that contains a secret must not be thrown.
std::string thrown_code(const std::string& type, const error_object& masked) {
  if (type.empty() || type != masked.type) return "FUNCTION_ERROR";
  return std::string(cut_utf8(type, max_error_code));
}

std::string function_failure_text(const error_object& e, const connector::outcome& from) {
  std::string text = fmt::format("Function \"{}\" in {} failed", from.function, from.region);
  if (!e.type.empty()) text += fmt::format(" with {}", cut_utf8(e.type, max_error_code));
  if (!e.message.empty()) text += fmt::format(": {}", cut_utf8(e.message, max_function_message));
  text += ".";
  if (!e.request_id.empty()) text += fmt::format(" Request id {}.", e.request_id);
  text += " Look at the function's own log for the cause.";
  return text;
}

job_command after_function_error(connector::outcome& from, const task_headers& headers,
                                 const job_facts& job, const connector::random_source& random) {
  auto& result = std::get<connector::answer>(from.result);
  const error_object e = *result.function_error;
  const std::string type = job.error_type.value_or(e.type);
  const bool thrown = headers.throws(type) || headers.throws("FUNCTION_ERROR") ||
                      headers.function_error == on_function_error::bpmn_error;
  if (thrown && job.may_throw()) {
    const std::string code = thrown_code(type, e);
    return throw_command{code, job_message(code, function_failure_text(e, from)), only_error(e),
                         call_text(from)};
  }
  if (thrown || headers.function_error == on_function_error::fail) {
    const int retries = headers.at_most_once ? 0 : one_less(job.retries);
    auto text = function_failure_text(e, from);
    if (thrown) text += why_not_thrown(job);
    return failing(retries, job_message("FUNCTION_ERROR", text), back_off(headers, job, random),
                   job, false);
  }
  return completing(
      results::completion_variables(std::move(result), std::nullopt, mapping_of(headers, job)),
      call_text(from), job);
}

// Enough calls wait for throttled functions already, so the job is released with a back-off. The
// task's retryBackoff does not count: it belongs to retries, and this job loses no retry.
fail_command postponing(const error& e, milliseconds wait, const job_facts& job) {
  fail_command out;
  out.retries = std::max(job.retries, 1);
  out.message = job_message(
      name_of(e.code),
      fmt::format("{} The job goes back for {} and loses no retry.", e.message, human(wait)));
  out.back_off = wait;
  if (job.at_most_once_marker)
    out.variables = json::object_writer().null(at_most_once_marker_variable).take();
  out.release = true;
  out.send_once = job.at_most_once_marker;
  return out;
}

// What happens next to a call whose outcome is unknown; a sentence for the person who reads the
// failure.
std::string what_next(int retries, const task_headers& headers, const job_facts& job) {
  const bool calls = operation_of(job).id == connector::operation_id::invoke;
  const std::string_view done = calls ? "called" : "asked for";
  if (headers.at_most_once) {
    std::string text = fmt::format(" It is never {} again, because of atMostOnce=true.", done);
    if (job.at_most_once_marker) {
      text += fmt::format(
          " To have it {} once more, set the task's local variable '{}' to null, give the job "
          "retries and resolve the incident.",
          done, at_most_once_marker_variable);
    }
    return text;
  }
  if (retries == 0) {
    return fmt::format(
        " No retry is left: it is {} again only if the job is given retries and its incident is "
        "resolved.",
        done);
  }
  return fmt::format(" It is {} again by the next retry ({} left).", done, retries);
}

job_command after_error(const error& e, const std::string& function, bool may_have_run,
                        const task_headers& headers, const job_facts& job,
                        const connector::random_source& random) {
  const bool ambiguous = e.failure == failure_class::ambiguous;
  const bool permanent = e.failure == failure_class::permanent;
  const int retries = permanent || (ambiguous && headers.at_most_once) ? 0 : one_less(job.retries);
  const bool last = retries == 0;
  const bool nothing_ran = !may_have_run;
  const auto code = name_of(e.code);
  const bool thrown = last && headers.throws(code);
  if (thrown && job.may_throw()) {
    return throw_command{std::string(code),
                         job_message(code, e.message),
                         only_error(error_variable(e, function)),
                         {},
                         !nothing_ran};
  }
  if (last && headers.complete_on_error && !thrown) {
    return completing(
        results::completion_variables(results::no_answer(operation_of(job)),
                                      error_variable(e, function), mapping_of(headers, job)),
        {}, job, !nothing_ran);
  }
  std::string message = e.message;
  if (ambiguous && may_have_run) message += what_next(retries, headers, job);
  if (thrown) message += why_not_thrown(job);
  return failing(retries, job_message(code, message), back_off(headers, job, random, e.retry_after),
                 job, nothing_ran);
}

}  // namespace

job_command outcome_to_command(connector::outcome outcome, const task_headers& headers,
                               const job_facts& job, const connector::random_source& random) {
  if (const auto* failed = outcome.failed()) {
    if (outcome.postponed && !outcome.may_have_run) {
      return postponing(*failed, *outcome.postponed, job);
    }
    return after_error(*failed, outcome.function, outcome.may_have_run, headers, job, random);
  }
  if (outcome.answered()->function_error) {
    return after_function_error(outcome, headers, job, random);
  }
  auto whose = call_text(outcome);
  return completing(
      results::completion_variables(std::move(std::get<connector::answer>(outcome.result)),
                                    std::nullopt, mapping_of(headers, job)),
      std::move(whose), job);
}

job_command error_to_command(const error& refused, const task_headers& headers,
                             const job_facts& job, const connector::random_source& random) {
  return after_error(refused, {}, false, headers, job, random);
}

fail_command release_without_marker(const task_headers& headers, const job_facts& job,
                                    const connector::random_source& random) {
  auto out = failing(std::max(job.retries, 1),
                     job_message("SERVICE_UNAVAILABLE",
                                 "The engine did not take the marker of atMostOnce in time; the "
                                 "function was not called, and the job is tried again."),
                     back_off(headers, job, random), job, true);
  out.release = true;
  return out;
}

}  // namespace worker::jobs
