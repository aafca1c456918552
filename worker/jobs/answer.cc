#include "worker/jobs/answer.h"

#include <fmt/format.h>

#include <algorithm>

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
using connector::name_of;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits retry_limits{milliseconds(1000), milliseconds(300'000)};
constexpr std::size_t most_message = 6000;
constexpr std::size_t most_error_code = 200;
constexpr std::size_t most_function_message = 1000;

const connector::operation_spec& operation_of(const job_facts& job) {
  return job.operation ? *job.operation : connector::spec_of(connector::operation::invoke);
}

// The seeds' names are those of a call's answer; other operations keep their own.
results::mapping mapping_of(const controls& steering, const job_facts& job) {
  const bool calls = operation_of(job).what == connector::operation::invoke;
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

milliseconds back_off(const controls& steering, const job_facts& job,
                      const connector::random_source& random) {
  if (steering.retry_backoff) return *steering.retry_backoff;
  // A whole second at least: the engine looks at back-offs once a second anyway.
  return std::max(milliseconds(1000), connector::full_jitter(retry_limits, job.attempt, random));
}

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

std::string thrown_code(const error_object& e) {
  return std::string(cut_utf8(e.type.empty() ? "FUNCTION_ERROR" : e.type, most_error_code));
}

std::string function_failure_text(const error_object& e, const connector::outcome& from) {
  std::string text = fmt::format("Function \"{}\" in {} failed", from.function, from.region);
  if (!e.type.empty()) text += fmt::format(" with {}", cut_utf8(e.type, most_error_code));
  if (!e.message.empty()) text += fmt::format(": {}", cut_utf8(e.message, most_function_message));
  text += ".";
  if (!e.request_id.empty()) text += fmt::format(" Request id {}.", e.request_id);
  text += " Look at the function's own log for the cause.";
  return text;
}

command after_function_error(connector::outcome& from, const controls& steering,
                             const job_facts& job, const connector::random_source& random) {
  auto& answer = std::get<connector::answer>(from.what);
  const error_object e = *answer.function_error;
  const bool listed = steering.throws(e.type) || steering.throws("FUNCTION_ERROR");
  if (listed || steering.function_error == on_function_error::bpmn_error) {
    const std::string code = thrown_code(e);
    return throw_command{code, job_message(code, function_failure_text(e, from)), only_error(e),
                         about(from)};
  }
  if (steering.function_error == on_function_error::fail) {
    const int retries = steering.at_most_once ? 0 : job.retries - 1;
    return failing(retries, job_message("FUNCTION_ERROR", function_failure_text(e, from)),
                   back_off(steering, job, random), job, false);
  }
  return complete_command{
      results::completion_variables(std::move(answer), std::nullopt, mapping_of(steering, job)),
      about(from)};
}

command after_error(const error& e, const std::string& function, bool sent, bool may_have_run,
                    const controls& steering, const job_facts& job,
                    const connector::random_source& random) {
  const bool ambiguous = e.what == failure_class::ambiguous;
  const bool permanent = e.what == failure_class::permanent;
  // Turned away here before its first attempt, because its function is being throttled: it waits
  // its back-off, and loses no retry for what others met.
  const bool never_tried = e.what == failure_class::throttled && e.attempts == 0 && !sent;
  const int retries =
      permanent || (ambiguous && steering.at_most_once) ? 0 : job.retries - (never_tried ? 0 : 1);
  const bool last = retries <= 0;
  const bool nothing_ran = !may_have_run;
  const auto code = name_of(e.code);
  if (last && steering.throws(code)) {
    return throw_command{std::string(code),
                         job_message(code, e.message),
                         only_error(error_variable(e, function)),
                         {},
                         !nothing_ran};
  }
  if (last && steering.complete_on_error) {
    return complete_command{
        results::completion_variables(results::no_answer(operation_of(job)),
                                      error_variable(e, function), mapping_of(steering, job)),
        {},
        !nothing_ran};
  }
  return failing(retries, job_message(code, e.message), back_off(steering, job, random), job,
                 nothing_ran);
}

}  // namespace

command decide(connector::outcome outcome, const controls& steering, const job_facts& job,
               const connector::random_source& random) {
  if (const auto* failed = outcome.failed()) {
    return after_error(*failed, outcome.function, outcome.sent, outcome.may_have_run, steering, job,
                       random);
  }
  if (outcome.answered()->function_error) {
    return after_function_error(outcome, steering, job, random);
  }
  auto whose = about(outcome);
  return complete_command{
      results::completion_variables(std::move(std::get<connector::answer>(outcome.what)),
                                    std::nullopt, mapping_of(steering, job)),
      std::move(whose)};
}

command decide(const error& refused, const controls& steering, const job_facts& job,
               const connector::random_source& random) {
  return after_error(refused, {}, false, false, steering, job, random);
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
  if (message.size() > most_message) {
    message = std::string(cut_utf8(message, most_message - 3)) + "...";
  }
  return message;
}

}  // namespace worker::jobs
