#include "worker/jobs/command_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/backoff.h"
#include "connector/base/json_writer.h"
#include "connector/base/utf8.h"
#include "worker/jobs/task.h"
#include "worker/results/error_expression.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::cut_utf8;
using connector::error_object;
using connector::failure_class;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits retry_limits{milliseconds(1000), milliseconds(300'000)};
constexpr milliseconds longest_asked{15 * 60'000};
constexpr std::size_t max_function_message = 1000;

// What retryBackoff says; nothing when it is not there or gives none, which `message` then says.
std::optional<milliseconds> model_back_off(const rules& by, std::string& message) {
  if (by.headers.retry_backoff) return by.headers.retry_backoff;
  if (by.expressions == nullptr || by.headers.retry_backoff_expression.empty()) {
    return std::nullopt;
  }
  auto& facts = *by.expressions;
  auto given = results::retry_back_off(facts.session, by.headers.retry_backoff_expression,
                                       facts.raw_response, job_text(by.job));
  if (given) return *given;
  const auto why = shown_reason(given.error(), by.headers.retry_backoff_expression,
                                facts.raw_response, facts.masks);
  message += fmt::format(" The usual back-off counts, because header 'retryBackoff' {}.", why);
  return std::nullopt;
}

}  // namespace

std::string shown_reason(const results::expression_error& why, std::string_view expression,
                         std::string_view response, const secrets::redactor& masks) {
  if (masks.finds(expression)) {
    return "holds a secret in clear, where a variable belongs, so the reason is not shown";
  }
  if (why.fault == results::expression_fault::failed && masks.finds_in_json(response)) {
    return std::string(failed_on_a_secret);
  }
  return masks.mask(why.message);
}

const connector::operation_spec& operation_of(const job_facts& job) {
  return job.operation ? *job.operation : connector::spec_of(connector::operation_id::invoke);
}

error_object error_variable(const connector::error& e, const std::string& function) {
  error_object out;
  out.code = name_of(e.code);
  out.type = e.aws_error;
  out.message = e.message;
  out.request_id = e.request_id;
  out.function_name = function;
  return out;
}

int one_less(int retries) { return std::max(retries, 1) - 1; }

int retries_after(const connector::error& e, bool may_have_run, const rules& by) {
  // The marker stays after what may have run: a retry would call nothing, and lose this error.
  const bool runs_twice =
      by.headers.at_most_once && (may_have_run || e.failure == failure_class::ambiguous);
  return runs_twice || is_final(e, by.headers) ? 0 : one_less(by.job.retries);
}

int plain_retries(const connector::outcome& from, const rules& by) {
  if (const auto* failed = from.failed()) return retries_after(*failed, from.may_have_run, by);
  if (!from.answered()->function_error || by.headers.at_most_once) return 0;
  // Another call would only find the execution that failed.
  if (by.headers.durable && !by.headers.durable_rerun) return 0;
  return one_less(by.job.retries);
}

std::string job_text(const job_facts& job) {
  return json::object_writer()
      .number("retries", job.retries)
      .number("attempt", job.attempt + 1)
      .take();
}

bool is_final(const connector::error& e, const task_headers& headers) {
  return e.failure == failure_class::permanent &&
         !(headers.retry_permanent_errors && e.http_status > 0);
}

std::string fail_variables(const rules& by, bool nothing_ran) {
  json::object_writer out;
  if (!by.headers.drop_in) out.number(attempt_variable, by.job.attempt + 1);
  if (by.job.at_most_once_marker && nothing_ran) out.null(at_most_once_marker_variable);
  const auto kept =
      by.job.next_run.empty() ? kept_progress(by.job.durable, by.job.key) : by.job.next_run;
  if (!kept.empty()) out.raw(durable_variable, kept);
  return out.take();
}

milliseconds granted(milliseconds asked) { return std::min(asked, longest_asked); }

fail_command failing(const rules& by, int retries, std::string message, milliseconds asked,
                     bool nothing_ran) {
  fail_command out;
  out.retries = std::max(0, retries);
  if (out.retries > 0) {
    const auto least = granted(asked);
    if (const auto given = model_back_off(by, message)) {
      out.back_off = std::max(*given, least);
    } else if (by.headers.drop_in) {
      out.back_off = least;  // as the connector runtime: no header, no wait
    } else {
      // At least a second: the engine checks back-offs once a second.
      out.back_off = std::max({milliseconds(1000), least,
                               connector::full_jitter(retry_limits, by.job.attempt, by.random)});
    }
  }
  out.message = message_of(std::move(message));
  out.variables = fail_variables(by, nothing_ran);
  out.send_once = by.job.at_most_once_marker && nothing_ran;
  return out;
}

complete_command completing(std::string variables, std::string about, const job_facts& job,
                            bool may_have_run) {
  if (!job.takes_variables()) variables.clear();
  return {std::move(variables), std::move(about), may_have_run};
}

std::string call_text(const connector::outcome& from) {
  std::string text = from.function.empty()
                         ? fmt::format("the list of functions in {}", from.region)
                         : fmt::format("function \"{}\" in {}", from.function, from.region);
  if (!from.request_id.empty()) text += fmt::format(", request id {}", from.request_id);
  return text;
}

namespace {

// What the runtime of Lambda says about a function that it ended has no more in the function's log.
std::string_view advice_on(const error_object& e) {
  const auto says = [&](std::string_view words) {
    return e.message.find(words) != std::string::npos;
  };
  if (says("Task timed out after")) {
    return " The function's own timeout is over: raise it, or let the function do less.";
  }
  if (e.type == "Runtime.OutOfMemory" || says("signal: killed")) {
    return " The function has most likely used up its memory: raise it, or let the function need "
           "less.";
  }
  return " Look at the function's own log for the cause.";
}

}  // namespace

std::string function_failure_text(const error_object& e, const connector::outcome& from) {
  std::string text = fmt::format("Function \"{}\" in {} failed", from.function, from.region);
  if (!e.type.empty()) text += fmt::format(" with {}", cut_utf8(e.type, max_error_code));
  if (!e.message.empty()) text += fmt::format(": {}", cut_utf8(e.message, max_function_message));
  text += ".";
  if (!e.request_id.empty()) text += fmt::format(" Request id {}.", e.request_id);
  return text + std::string(advice_on(e));
}

std::string why_not_thrown(const job_facts& job) {
  return fmt::format(" It is not thrown as a BPMN error, because {} listener{} throws none.",
                     job.kind == engine::job_kind::task_listener ? "a task" : "an execution",
                     job.listener_event.empty() ? "" : fmt::format(" ({})", job.listener_event));
}

std::string hint_of(const job_facts& job) { return job.hint.empty() ? "" : " " + job.hint; }

std::string what_next(int retries, const rules& by) {
  const bool calls = operation_of(by.job).id == connector::operation_id::invoke;
  const std::string_view done = calls ? "called" : "asked for";
  if (by.headers.at_most_once) {
    std::string text = fmt::format(" It is never {} again, because of atMostOnce=true.", done);
    if (by.job.at_most_once_marker) {
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

}  // namespace worker::jobs
