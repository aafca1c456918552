// The end of a job by its expressions: whatever response and headers there are, one command comes
// out, within its bounds, and what it writes is an object; no secret of the job is in it.
#include <variant>

#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"
#include "tests/fuzz/feel_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/jobs/outcome_to_command.h"
#include "worker/secrets/outcome_redaction.h"

namespace fuzz {

namespace {

namespace jobs = worker::jobs;
namespace results = worker::results;

constexpr std::string_view hidden = "0hidden-value0";

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
  return line;
}

connector::outcome outcome_of(std::string_view how, std::string_view payload) {
  connector::outcome out;
  out.sent = out.may_have_run = true;
  out.function = "f";
  out.region = "eu-west-1";
  if (how.find('e') != how.npos) {
    connector::error e;
    e.code = connector::error_code::ambiguous;
    e.failure = how.find('p') == how.npos ? connector::failure_class::ambiguous
                                          : connector::failure_class::permanent;
    e.message = "no answer for " + std::string(hidden);
    out.result = e;
    return out;
  }
  connector::answer answer;
  answer.variables = {
      {"statusCode", "200"},
      {"payload", std::string(connector::json::is_json(payload) ? payload : "null")},
      {"log", "\"START " + std::string(hidden) + "\""}};
  if (how.find('f') != how.npos) {
    answer.function_error.emplace();
    answer.function_error->type = hidden;
    answer.function_error->message = "m " + std::string(hidden);
  }
  out.result = std::move(answer);
  return out;
}

std::string wrong_message(const std::string& text) {
  if (!connector::is_utf8(text)) return "a message that is no UTF-8";
  return text.size() > 6'000 ? "a message that is too long" : "";
}

std::string wrong_in(const jobs::job_command& command, std::string_view payload) {
  const auto& variables = jobs::variables_of(command);
  const bool shown = payload.find(hidden) != payload.npos;
  if (!variables.empty() && !connector::json::members(variables, {.depth = 1'000}).wrong) {
    if (!shown && variables.find(hidden) != variables.npos) return "variables show a secret";
  } else if (!variables.empty()) {
    return "variables are no object";
  }
  if (const auto* failing = std::get_if<jobs::fail_command>(&command)) {
    if (failing->retries < 0) return "retries below zero";
    if (failing->back_off.count() < 0) return "a back-off below zero";
    if (failing->message.find(hidden) != std::string::npos) return "a message shows a secret";
    return wrong_message(failing->message);
  }
  if (const auto* thrown = std::get_if<jobs::throw_command>(&command)) {
    if (thrown->error_code.size() > 200) return "an error code that is too long";
    if (thrown->error_code.find(hidden) != std::string::npos) return "a code shows a secret";
    if (thrown->message.find(hidden) != std::string::npos) return "a message shows a secret";
    return wrong_message(thrown->message);
  }
  return {};
}

// Lines: letters for the outcome, errorExpression, resultExpression, retryBackoff; then the
// payload.
std::string run_task_expressions(std::string_view input) {
  const auto how = take_line(input);
  std::map<std::string, std::string> texts;
  for (const auto* name : {"errorExpression", "resultExpression", "retryBackoff"}) {
    texts[name] = take_line(input);
  }
  const auto headers = jobs::read_task_headers(texts);
  if (headers.has_error()) return {};
  jobs::job_facts job{3};
  if (how.find('l') != how.npos) job.kind = worker::engine::job_kind::task_listener;

  auto outcome = outcome_of(how, input);
  const worker::secrets::redactor masks({connector::secret_string(std::string(hidden))});
  auto raw = jobs::response_of(outcome, job);
  worker::secrets::redact(outcome, masks, false);
  worker::feel::expression_cache parsed;
  jobs::expression_facts facts{results::begin_session(parsed), std::move(raw), masks};
  auto& limits = facts.session.surroundings.limits;
  limits.steps = 20'000;
  limits.bytes = 1 << 20;
  limits.match_steps = 20'000;
  limits.until = connector::deadline::max();
  return wrong_in(jobs::outcome_to_command(
                      std::move(outcome), *headers, job, [] { return 0.5; }, &facts),
                  input);
}

std::vector<std::string> seeds() {
  std::vector<std::string> out = {
      "f\n=bpmnError(error.type, error.message, {log: log})\n\n\n{}",
      "f\n=jobError(upper case(error.message), {m: error.message}, 2, @\"PT5S\")\n\n\n{}",
      "e\n=if contains(error.message, \"hidden\") then ignoreError(error) else null\n={a: 1}\n\n",
      "e\n\n\n=if error.code = \"AMBIGUOUS\" then @\"PT1S\" * job.attempt else null\n",
      "ep\n=assert(error, false, error.message)\n\n\n",
      "fl\n=bpmnError(\"A\", string join([log, error.message]))\n={l: log}\n\n{\"a\":1.50}",
  };
  // An expression that holds the secret itself, and one that quotes it.
  for (const auto* of :
       {"\n\n=0hidden-value0.a +\n\n{}", "f\n\n\n=assert(1, false, \"0hidden-value0\")\n{}",
        "\n\n\xbe\xbe\xbe\xbe\x30hidden-value0\xbe\n"}) {
    out.emplace_back(of);
  }
  for (const auto& text : feel_expressions()) {
    if (text.find('\n') != text.npos) continue;
    out.push_back("a\n=null\n" + text + "\n=backoff(job.attempt)\n" +
                  R"({"total":61.50,"name":"Zo","items":[{"id":1,"price":5}],"day":"2024-02-28"})");
  }
  return out;
}

std::vector<std::string> words() {
  auto out = feel_words();
  for (const auto* more :
       {"bpmnError(", "jobError(", "ignoreError(", "error.message", "error.type", "error.code",
        "response", "job.retries", "log", "payload", "\n", "errorType"}) {
    out.emplace_back(more);
  }
  return out;
}

}  // namespace

target task_expressions() {
  return {"TaskExpressions", run_task_expressions, seeds(), words(), 1500};
}

}  // namespace fuzz
