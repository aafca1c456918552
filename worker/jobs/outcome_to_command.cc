#include "worker/jobs/outcome_to_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/duration.h"
#include "connector/base/json_writer.h"
#include "connector/base/utf8.h"
#include "worker/jobs/command_parts.h"
#include "worker/jobs/drop_in_ends.h"
#include "worker/jobs/mapped_result.h"
#include "worker/jobs/model_decision.h"
#include "worker/jobs/task.h"
#include "worker/results/mapping.h"
#include "worker/secrets/outcome_redaction.h"

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

std::string thrown_code(const std::string& type, const error_object& masked) {
  // The engine stores codes and people read them: a code that contains a secret must not be thrown.
  if (type.empty() || type != masked.type) return "FUNCTION_ERROR";
  return std::string(cut_utf8(type, max_error_code));
}

// Enough calls wait for throttled functions already, or the operator limits the function, so the
// job is released with a back-off. The task's retryBackoff does not count: it belongs to retries,
// and this job loses no retry.
fail_command postponing(const error& e, milliseconds wait, bool limited, const job_facts& job) {
  fail_command out;
  out.retries = std::max(job.retries, 1);
  out.message = job_message(
      limited ? std::string_view("WAITING") : name_of(e.code),
      fmt::format("{} The job goes back for {} and loses no retry.", e.message, human(wait)));
  out.back_off = wait;
  json::object_writer left;
  if (job.at_most_once_marker) left.null(at_most_once_marker_variable);
  // The call may have attached before, so the name must stay.
  const auto kept = kept_progress(job.durable, job.key);
  if (!kept.empty()) left.raw(durable_variable, kept);
  if (job.at_most_once_marker || !kept.empty()) out.variables = left.take();
  out.release = true;
  out.send_once = job.at_most_once_marker;
  return out;
}

// The execution has not ended.
fail_command waiting(const connector::unfinished& still, const rules& by) {
  auto progress = by.job.durable;
  progress.execution = still.execution;
  const auto why =
      fmt::format("The durable execution {} has not ended: {}.", still.shown, still.status);
  return back_to_wait(std::move(progress), by.headers, by.job.key, by.job.retries, why, by.random);
}

// The execution goes on, whatever keeps the worker from asking about it.
bool only_the_question_failed(const error& e, const rules& by) {
  return by.headers.durable && !by.job.durable.execution.empty() &&
         (e.failure == failure_class::not_started || e.failure == failure_class::throttled);
}

job_command after_error(const error& e, const connector::outcome& from, const rules& by) {
  const bool ambiguous = e.failure == failure_class::ambiguous;
  const bool may_have_run = from.failed() == nullptr || from.may_have_run;
  const int retries = retries_after(e, may_have_run, by);
  const bool last = retries == 0;
  const auto code = name_of(e.code);
  const bool thrown = last && by.headers.throws(code);
  if (thrown && by.job.may_throw()) {
    return throw_command{std::string(code),
                         job_message(code, e.message),
                         only_error(error_variable(e, from.function)),
                         {},
                         may_have_run};
  }
  if (last && by.headers.complete_on_error && !thrown) {
    return completing(variables_in_spite_of(error_variable(e, from.function), by), {}, by.job,
                      may_have_run);
  }
  std::string message = fmt::format("{}: {}", code, e.message);
  if (ambiguous && may_have_run) message += what_next(retries, by);
  message += how_to_start_again(e.code, by.headers, by.job.durable);
  if (thrown) message += why_not_thrown(by.job);
  message += hint_of(by.job);
  auto out = failing(by, retries, std::move(message), e.retry_after, !may_have_run);
  if (by.headers.drop_in) {
    out.variables =
        drop_in_fail_variables(e, out.send_once, kept_progress(by.job.durable, by.job.key));
  }
  return out;
}

// Completes with the variables of an answer: `response` is its text when an expression makes them.
job_command after_answer(connector::outcome& from, const rules& by, std::string_view response) {
  auto& answer = std::get<connector::answer>(from.result);
  auto about = call_text(from);
  std::string variables;
  if (is_mapped(by)) {
    const auto failure = by.headers.drop_in ? std::nullopt : answer.function_error;
    auto made = mapped(by, response, failure);
    if (!made) return after_error(unmapped(made.error(), from), from, by);
    variables = *std::move(made);
  } else {
    variables = results::completion_variables(std::move(answer), std::nullopt, mapping_of(by));
  }
  if (by.headers.drop_in) {
    if (const auto refused = drop_in_refusal(variables, from)) {
      return after_error(*refused, from, by);
    }
  }
  return completing(std::move(variables), std::move(about), by.job);
}

job_command after_function_error(connector::outcome& from, const rules& by,
                                 std::string_view response) {
  const error_object e = *from.answered()->function_error;
  const std::string type = by.job.error_type.value_or(e.type);
  const bool thrown = by.headers.throws(type) || by.headers.throws("FUNCTION_ERROR") ||
                      by.headers.function_error == on_function_error::bpmn_error;
  if (thrown && by.job.may_throw()) {
    const std::string code = thrown_code(type, e);
    return throw_command{code, job_message(code, function_failure_text(e, from)), only_error(e),
                         call_text(from)};
  }
  if (thrown || by.headers.function_error == on_function_error::fail) {
    auto text = fmt::format("FUNCTION_ERROR: {}{}", function_failure_text(e, from),
                            why_no_retry(by.headers, by.job.durable, by.job.key));
    if (thrown) text += why_not_thrown(by.job);
    text += hint_of(by.job);
    return failing(by, plain_retries(from, by), std::move(text), {}, false);
  }
  return after_answer(from, by, response);
}

// An answer without an error, whose variables an expression makes: it is evaluated before
// errorExpression, which sees its failure too.
job_command after_mapped_answer(const connector::outcome& from, const rules& by,
                                std::string_view response) {
  auto variables = mapped(by, response, std::nullopt);
  if (variables) {
    if (auto decided = model_decision(from, by, {response})) return *std::move(decided);
    return completing(*std::move(variables), call_text(from), by.job);
  }
  const auto e = unmapped(variables.error(), from);
  const auto failure = error_variable(e, from.function).json();
  if (auto decided = model_decision(from, by, {response, failure})) return *std::move(decided);
  return after_error(e, from, by);
}

// The same in the profile camunda, where a failed function's answer counts like any other.
job_command after_drop_in_answer(connector::outcome& from, const rules& by,
                                 std::string_view response) {
  auto made = map_drop_in_answer(from, by, response);
  by.expressions->raw_response = made.seen;
  // The variables may be made of a secret, so they are made again of what does not hold it.
  const auto hidden = [&] {
    auto answer = secrets::masked_document(response, by.expressions->masks);
    if (answer == response) return made.seen;
    return map_drop_in_answer(from, by, answer).seen;
  };
  if (auto decided = model_decision(from, by, {made.seen, {}, hidden})) return *std::move(decided);
  if (made.failure) return after_error(*made.failure, from, by);
  if (from.answered()->function_error) return after_function_error(from, by, response);
  return completing(std::move(made.variables), call_text(from), by.job);
}

}  // namespace

std::string response_of(const connector::outcome& from, const job_facts& job, bool drop_in) {
  if (drop_in) return drop_in_response(from);
  if (const auto* e = from.failed()) {
    return results::response_object(results::no_answer(operation_of(job)),
                                    error_variable(*e, from.function));
  }
  return results::response_object(*from.answered(), std::nullopt);
}

job_command outcome_to_command(connector::outcome outcome, const task_headers& headers,
                               const job_facts& job, const connector::random_source& random,
                               expression_facts* expressions) {
  const rules by{headers, job, random, expressions};
  if (const auto* still = outcome.still_runs()) return waiting(*still, by);
  const auto* failed = outcome.failed();
  if (failed != nullptr && only_the_question_failed(*failed, by)) {
    return back_to_wait(job.durable, headers, job.key, job.retries, failed->message, random);
  }
  if (failed != nullptr && outcome.postponed && !outcome.may_have_run) {
    return postponing(*failed, *outcome.postponed, outcome.limited, job);
  }
  const bool decides = expressions != nullptr && !headers.error_expression.empty();
  std::string response;
  if (decides || (failed == nullptr && is_mapped(by))) {
    response = response_of(outcome, job, headers.drop_in);
  }
  if (headers.drop_in && failed == nullptr && is_mapped(by)) {
    return after_drop_in_answer(outcome, by, response);
  }
  const bool answered = failed == nullptr && !outcome.answered()->function_error;
  if (answered && is_mapped(by)) return after_mapped_answer(outcome, by, response);
  if (auto decided = model_decision(outcome, by, {response})) return *std::move(decided);
  if (failed != nullptr) return after_error(*failed, outcome, by);
  if (answered) return after_answer(outcome, by, response);
  return after_function_error(outcome, by, response);
}

job_command error_to_command(const error& refused, const task_headers& headers,
                             const job_facts& job, const connector::random_source& random,
                             expression_facts* expressions) {
  connector::outcome outcome;
  outcome.result = refused;
  return outcome_to_command(std::move(outcome), headers, job, random, expressions);
}

fail_command release_without_marker(const task_headers& headers, const job_facts& job,
                                    const connector::random_source& random) {
  auto out = failing({headers, job, random}, std::max(job.retries, 1),
                     "SERVICE_UNAVAILABLE: The engine did not take the marker of atMostOnce in "
                     "time; the function was not called, and the job is tried again.",
                     {}, true);
  out.release = true;
  return out;
}

}  // namespace worker::jobs
