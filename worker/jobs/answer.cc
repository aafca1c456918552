#include "worker/jobs/answer.h"

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
// What a service asks for is waited for, but not for ever.
constexpr milliseconds longest_asked{15 * 60'000};
constexpr std::size_t max_message = 6000;
constexpr std::size_t max_error_code = 200;
constexpr std::size_t max_function_message = 1000;

const connector::operation_spec& operation_of(const job_facts& job) {
  return job.operation ? *job.operation : connector::spec_of(connector::operation_id::invoke);
}

// The seeds' names are those of a call's answer; other operations keep their own.
results::mapping mapping_of(const controls& steering, const job_facts& job) {
  const bool calls = operation_of(job).id == connector::operation_id::invoke;
  return {steering.result_variable, steering.alfresco_outputs && calls};
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

// `asked`: by the service, or zero.
milliseconds back_off(const controls& steering, const job_facts& job,
                      const connector::random_source& random, milliseconds asked = {}) {
  const auto least = std::min(asked, longest_asked);
  if (steering.retry_backoff) return std::max(*steering.retry_backoff, least);
  // A whole second at least: the engine looks at back-offs once a second anyway.
  return std::max(
      {milliseconds(1000), least, connector::full_jitter(retry_limits, job.attempt, random)});
}

// Never below zero, whatever number the engine gave.
int one_less(int retries) { return std::max(retries, 1) - 1; }

// `nothing_ran`: the marker of atMostOnce may go.
std::string fail_variables(const job_facts& job, bool nothing_ran) {
  json::object_writer out;
  out.number(attempt_variable, job.attempt + 1);
  if (job.marker && nothing_ran) out.null(marker_variable);
  return out.take();
}

fail_command failing(int retries, std::string message, milliseconds wait, const job_facts& job,
                     bool nothing_ran) {
  fail_command out;
  out.retries = std::max(0, retries);
  out.message = std::move(message);
  out.back_off = out.retries > 0 ? wait : milliseconds(0);
  out.variables = fail_variables(job, nothing_ran);
  out.once = job.marker && nothing_ran;
  return out;
}

// Names the call for messages about its result.
std::string about(const connector::outcome& from) {
  std::string text = from.function.empty()
                         ? fmt::format("the list of functions in {}", from.region)
                         : fmt::format("function \"{}\" in {}", from.function, from.region);
  if (!from.request_id.empty()) text += fmt::format(", request id {}", from.request_id);
  return text;
}

complete_command completing(std::string variables, std::string whose, const job_facts& job,
                            bool ran = true) {
  if (!job.takes_variables()) variables.clear();
  return {std::move(variables), std::move(whose), ran};
}

// For a failure that would have been thrown.
std::string why_not_thrown(const job_facts& job) {
  return fmt::format(" It is not thrown as a BPMN error, because {} listener{} throws none.",
                     job.kind == engine::job_kind::task_listener ? "a task" : "an execution",
                     job.listener_event.empty() ? "" : fmt::format(" ({})", job.listener_event));
}

// The engine stores codes, and people read them: one with a secret in it must not be thrown.
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

command after_function_error(connector::outcome& from, const controls& steering,
                             const job_facts& job, const connector::random_source& random) {
  auto& answer = std::get<connector::answer>(from.what);
  const error_object e = *answer.function_error;
  const std::string type = job.error_type.value_or(e.type);
  const bool thrown = steering.throws(type) || steering.throws("FUNCTION_ERROR") ||
                      steering.function_error == on_function_error::bpmn_error;
  if (thrown && job.may_throw()) {
    const std::string code = thrown_code(type, e);
    return throw_command{code, job_message(code, function_failure_text(e, from)), only_error(e),
                         about(from)};
  }
  if (thrown || steering.function_error == on_function_error::fail) {
    const int retries = steering.at_most_once ? 0 : one_less(job.retries);
    auto text = function_failure_text(e, from);
    if (thrown) text += why_not_thrown(job);
    return failing(retries, job_message("FUNCTION_ERROR", text), back_off(steering, job, random),
                   job, false);
  }
  return completing(
      results::completion_variables(std::move(answer), std::nullopt, mapping_of(steering, job)),
      about(from), job);
}

// Enough calls wait for functions that are throttled: as it came, and not at once. The task's own
// retryBackoff is that of a retry, and this is none.
fail_command postponing(const error& e, milliseconds wait, const job_facts& job) {
  fail_command out;
  out.retries = std::max(job.retries, 1);
  out.message = job_message(
      name_of(e.code),
      fmt::format("{} The job goes back for {} and loses no retry.", e.message, human(wait)));
  out.back_off = wait;
  if (job.marker) out.variables = json::object_writer().null(marker_variable).take();
  out.hand_back = true;
  out.once = job.marker;
  return out;
}

// What becomes of a call whose outcome nobody knows, for the person who reads of it.
std::string what_next(int retries, const controls& steering, const job_facts& job) {
  const bool calls = operation_of(job).id == connector::operation_id::invoke;
  const std::string_view done = calls ? "called" : "asked for";
  if (steering.at_most_once) {
    std::string text = fmt::format(" It is never {} again, because of atMostOnce=true.", done);
    if (job.marker) {
      text += fmt::format(
          " To have it {} once more, set the task's local variable '{}' to null, give the job "
          "retries and resolve the incident.",
          done, marker_variable);
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

command after_error(const error& e, const std::string& function, bool may_have_run,
                    const controls& steering, const job_facts& job,
                    const connector::random_source& random) {
  const bool ambiguous = e.failure == failure_class::ambiguous;
  const bool permanent = e.failure == failure_class::permanent;
  const int retries = permanent || (ambiguous && steering.at_most_once) ? 0 : one_less(job.retries);
  const bool last = retries == 0;
  const bool nothing_ran = !may_have_run;
  const auto code = name_of(e.code);
  const bool thrown = last && steering.throws(code);
  if (thrown && job.may_throw()) {
    return throw_command{std::string(code),
                         job_message(code, e.message),
                         only_error(error_variable(e, function)),
                         {},
                         !nothing_ran};
  }
  if (last && steering.complete_on_error && !thrown) {
    return completing(
        results::completion_variables(results::no_answer(operation_of(job)),
                                      error_variable(e, function), mapping_of(steering, job)),
        {}, job, !nothing_ran);
  }
  std::string message = e.message;
  if (ambiguous && may_have_run) message += what_next(retries, steering, job);
  if (thrown) message += why_not_thrown(job);
  return failing(retries, job_message(code, message),
                 back_off(steering, job, random, e.retry_after), job, nothing_ran);
}

}  // namespace

command decide(connector::outcome outcome, const controls& steering, const job_facts& job,
               const connector::random_source& random) {
  if (const auto* failed = outcome.failed()) {
    if (outcome.postponed && !outcome.may_have_run) {
      return postponing(*failed, *outcome.postponed, job);
    }
    return after_error(*failed, outcome.function, outcome.may_have_run, steering, job, random);
  }
  if (outcome.answered()->function_error) {
    return after_function_error(outcome, steering, job, random);
  }
  auto whose = about(outcome);
  return completing(
      results::completion_variables(std::move(std::get<connector::answer>(outcome.what)),
                                    std::nullopt, mapping_of(steering, job)),
      std::move(whose), job);
}

command decide(const error& refused, const controls& steering, const job_facts& job,
               const connector::random_source& random) {
  return after_error(refused, {}, false, steering, job, random);
}

fail_command give_up_marking(const controls& steering, const job_facts& job,
                             const connector::random_source& random) {
  auto out = failing(std::max(job.retries, 1),
                     job_message("SERVICE_UNAVAILABLE",
                                 "The engine did not take the marker of atMostOnce in time; the "
                                 "function was not called, and the job is tried again."),
                     back_off(steering, job, random), job, true);
  out.hand_back = true;
  return out;
}

fail_command hand_back(int retries, std::string_view why) {
  fail_command out;
  out.retries = std::max(retries, 1);
  out.message = job_message("CANCELLED", why);
  out.hand_back = true;
  return out;
}

std::string job_message(std::string_view code, std::string_view text) {
  std::string message = fmt::format("{}: {}", code, text);
  // A gateway refuses to read what is no UTF-8, again and again.
  if (!connector::is_utf8(message)) message = connector::repaired_utf8(message);
  // Characters, of which the engine counts 10,000; ours is the tighter bound.
  if (message.size() > max_message) {
    message = std::string(cut_utf8(message, max_message - 3)) + "...";
  }
  return message;
}

}  // namespace worker::jobs
