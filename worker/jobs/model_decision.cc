#include "worker/jobs/model_decision.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"
#include "connector/base/utf8.h"
#include "worker/dropin/error_object.h"
#include "worker/jobs/drop_in_ends.h"
#include "worker/results/error_expression.h"
#include "worker/secrets/outcome_redaction.h"

namespace worker::jobs {

namespace json = connector::json;
using results::bpmn_error_decision;
using results::error_decision;
using results::ignore_error_decision;
using results::job_error_decision;

namespace {

// An object with more members, which replace those of the same names.
std::string with_members(std::string_view object, std::string_view more) {
  if (more == "{}") return std::string(object);
  const auto later = json::members(more).members;
  std::string out = "{";
  out.reserve(object.size() + more.size());
  for (const auto& [name, value] : json::members(object).members) {
    if (!json::find(later, name)) out.append("\"").append(name).append("\":").append(value) += ',';
  }
  return out.append(more.substr(1));
}

// Whether the second decision, on a response with its secrets masked, is the first one with its
// secrets masked.
bool same_end(const error_decision& raw, const error_decision& masked,
              const secrets::redactor& masks) {
  if (raw.index() != masked.index()) return false;
  const auto* thrown = std::get_if<bpmn_error_decision>(&raw);
  return thrown == nullptr ||
         masks.mask(thrown->code) == std::get<bpmn_error_decision>(masked).code;
}

constexpr std::string_view not_shown =
    "The errorExpression decided on a text that holds a secret, so what it says is not shown.";
constexpr std::string_view masked_code = "FUNCTION_ERROR";

std::string* message_in(error_decision& of) {
  if (auto* thrown = std::get_if<bpmn_error_decision>(&of)) return &thrown->message;
  if (auto* failed = std::get_if<job_error_decision>(&of)) return &failed->message;
  return nullptr;
}

std::string* variables_in(error_decision& of) {
  if (auto* thrown = std::get_if<bpmn_error_decision>(&of)) return &thrown->variables;
  if (auto* failed = std::get_if<job_error_decision>(&of)) return &failed->variables;
  if (auto* ignored = std::get_if<ignore_error_decision>(&of)) return &ignored->variables;
  return nullptr;
}

using decision = results::evaluated<error_decision>;

// The first evaluation decides how the job ends. What an expression makes of a secret, such as a
// part of it or its capitals, no mask would find. So what goes out is of an evaluation that did not
// see it: variables of the one over the masked response, which holds the function's answer as it
// is, and texts of the one over the response with its answer masked too. Where such an evaluation
// ends in another way, the decision hangs on the secret, and that part is left out.
class deciding {
 public:
  deciding(const rules& by, const seen_response& seen)
      : by_(by), seen_(seen), job_(job_text(by.job)) {}

  decision made() {
    auto decided = on(by_.expressions->raw_response);
    if (decided && std::holds_alternative<results::no_decision>(*decided)) return decided;
    const bool speaks = !decided || message_in(*decided) != nullptr;
    const auto hidden = speaks ? hidden_response() : std::string(seen_.masked);
    const bool answer_hides = hidden != seen_.masked;
    const bool differs = seen_.masked != by_.expressions->raw_response;
    if (!differs && !answer_hides) return decided;

    std::optional<decision> shown;
    if (differs && (decided || !answer_hides)) shown = on(seen_.masked);
    if (decided && shown) take_variables(*decided, *shown);
    if (!speaks) return decided;
    auto said = answer_hides ? on(hidden) : *std::move(shown);
    if (decided) {
      take_words(*decided, std::move(said), hidden);
      return decided;
    }
    if (!said) return said;
    return results::expression_error{decided.error().fault, std::string(failed_on_a_secret)};
  }

 private:
  [[nodiscard]] const secrets::redactor& masks() const { return by_.expressions->masks; }

  [[nodiscard]] std::string hidden_response() const {
    return seen_.hidden ? seen_.hidden() : secrets::masked_document(seen_.masked, masks());
  }

  decision on(std::string_view response) {
    auto& session = by_.expressions->session;
    const auto& text = by_.headers.error_expression;
    if (seen_.failure.empty()) return results::decide(session, text, response, job_);
    const auto seen = with_members(response, fmt::format("{{\"error\":{}}}", seen_.failure));
    return results::decide(session, text, seen, job_);
  }

  void take_variables(error_decision& decided, decision& shown) const {
    const bool agrees = shown && same_end(decided, *shown, masks());
    *variables_in(decided) = agrees ? std::move(*variables_in(*shown)) : "{}";
  }

  void take_words(error_decision& decided, decision said, std::string_view hidden) const {
    if (said && same_end(decided, *said, masks())) {
      *message_in(decided) = std::move(*message_in(*said));
      return;
    }
    *message_in(decided) = not_shown;
    auto* thrown = std::get_if<bpmn_error_decision>(&decided);
    if (thrown != nullptr && !stands_in_clear(thrown->code, hidden)) thrown->code = masked_code;
  }

  // Whether the code is the model's own, or of what is no secret in the response.
  [[nodiscard]] bool stands_in_clear(std::string_view code, std::string_view hidden) const {
    return by_.headers.error_expression.find(code) != std::string::npos ||
           hidden.find(code) != std::string_view::npos;
  }

  const rules& by_;
  const seen_response& seen_;
  const std::string job_;
};

// The engine stores codes and people read them: a code that contains a secret must not be thrown.
std::string thrown_code(const std::string& code, const secrets::redactor& masks) {
  if (masks.mask(code) != code) return std::string(masked_code);
  return std::string(connector::cut_utf8(code, max_error_code));
}

fail_command broken(const connector::outcome& from, const rules& by,
                    const results::expression_error& why) {
  const auto* failed = from.failed();
  const bool nothing_ran = failed != nullptr && !from.may_have_run;
  // A text that is no expression stays so at each attempt. In the profile camunda an incident
  // follows in any case, as at the connector runtime.
  const bool forever = why.fault == results::expression_fault::unreadable || by.headers.drop_in;
  const int retries = forever ? 0 : plain_retries(from, by);
  auto text =
      fmt::format("Header 'errorExpression' {}. Correct it in the model.",
                  shown_reason(why, by.headers.error_expression, {}, by.expressions->masks));
  if (failed != nullptr) {
    text += fmt::format(" It was asked about {}: {}", connector::name_of(failed->code),
                        failed->message);
    const bool unknown = failed->failure == connector::failure_class::ambiguous;
    if (unknown && from.may_have_run) text += what_next(retries, by);
  } else if (const auto& e = from.answered()->function_error) {
    text += fmt::format(" It was asked about this: {}", function_failure_text(*e, from));
  } else {
    text += fmt::format(
        " It was asked about the result of {}, which is lost. The function has run "
        "and is not called again.",
        call_text(from));
  }
  auto out =
      failing(by, retries, fmt::format("EXPRESSION_ERROR: {}", text),
              failed == nullptr ? std::chrono::milliseconds(0) : failed->retry_after, nothing_ran);
  if (by.headers.drop_in) {
    connector::error e;
    e.code = connector::error_code::expression_error;
    e.message = text;
    out.variables = with_members(json::object_writer().raw("error", dropin::error_object(e)).take(),
                                 out.variables);
  }
  return out;
}

fail_command failed_by_model(job_error_decision decided, const rules& by, bool may_have_run,
                             std::chrono::milliseconds asked) {
  // What may have run is not called again.
  const bool never_again = by.headers.at_most_once && may_have_run;
  fail_command out;
  out.retries = never_again ? 0 : decided.retries;
  if (out.retries > 0) out.back_off = std::max(decided.back_off, granted(asked));
  auto message = by.expressions->masks.mask(std::move(decided.message));
  auto variables = std::move(decided.variables);
  // As the connector runtime does. In a task of ours it would keep the result `error` of a later
  // attempt from the process: variables of a failed job stay in the task, and results of the same
  // names with them.
  if (by.headers.drop_in) {
    variables = with_members(variables, json::object_writer().string("error", message).take());
  }
  if (never_again && decided.retries > 0) {
    message += " (The job has no retries, because of atMostOnce=true.)";
  }
  out.message = message_of(std::move(message));
  out.message_of_model = true;
  out.variables = with_members(variables, fail_variables(by, !may_have_run));
  out.send_once = by.job.at_most_once_marker && !may_have_run;
  return out;
}

}  // namespace

std::optional<job_command> model_decision(const connector::outcome& from, const rules& by,
                                          const seen_response& seen) {
  if (by.expressions == nullptr || by.headers.error_expression.empty()) return std::nullopt;
  auto decided = deciding(by, seen).made();
  if (!decided) return broken(from, by, decided.error());
  const auto& masks = by.expressions->masks;
  const auto* failed = from.failed();
  const bool may_have_run = failed == nullptr || from.may_have_run;
  const auto asked = failed == nullptr ? std::chrono::milliseconds(0) : failed->retry_after;
  auto about = failed == nullptr ? call_text(from) : std::string();

  if (by.headers.drop_in) {
    if (auto refused = drop_in_refusal(*decided, from, by)) return *std::move(refused);
  }
  if (auto* thrown = std::get_if<bpmn_error_decision>(&*decided)) {
    auto message = masks.mask(std::move(thrown->message));
    const auto code = thrown_code(thrown->code, masks);
    if (by.job.may_throw()) {
      return throw_command{code, message_of(std::move(message)), std::move(thrown->variables),
                           std::move(about), may_have_run};
    }
    return failing(by, plain_retries(from, by),
                   fmt::format("{}: {}{}", code, message, why_not_thrown(by.job)), asked,
                   !may_have_run);
  }
  if (auto* failing_job = std::get_if<job_error_decision>(&*decided)) {
    return failed_by_model(std::move(*failing_job), by, may_have_run, asked);
  }
  if (auto* ignored = std::get_if<ignore_error_decision>(&*decided)) {
    return completing(std::move(ignored->variables), std::move(about), by.job, may_have_run);
  }
  return std::nullopt;
}

}  // namespace worker::jobs
