// A job of the connector runtime with any variables: its task is read or refused by name, and what
// becomes an input is JSON that the operation knows. The references and durations that such a task
// may hold, too.
#include "connector/base/json_scan.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/secret_words.h"
#include "tests/fuzz/target.h"
#include "worker/dropin/durations.h"
#include "worker/dropin/inputs.h"
#include "worker/secrets/runtime_references.h"

namespace fuzz {

namespace {

namespace json = connector::json;
namespace dropin = worker::dropin;

std::string check_references(std::string_view text) {
  std::size_t free_from = 0;
  for (const auto& each : worker::secrets::runtime_references_in(text)) {
    if (each.at < free_from || each.at + each.length > text.size()) return "references overlap";
    const auto whole = text.substr(each.at, each.length);
    if (whole.find("secrets.") == std::string_view::npos) return "a reference without its word";
    if (each.name.empty() || whole.find(each.name) == std::string_view::npos) {
      return "a name from elsewhere";
    }
    free_from = each.at + each.length;
  }
  return {};
}

std::string check_task_duration(std::string_view text) {
  std::map<std::string, std::string> headers{{"jobTimeout", std::string(text)}};
  const bool takes = dropin::parse_java_duration(text).has_value();
  if (dropin::normalise_durations(headers)) return {};
  const auto& written = headers.at("jobTimeout");
  if (written.empty() || written.starts_with('=')) return {};
  if (!takes) return "a duration that was not read";
  if (dropin::parse_java_duration(written) != dropin::parse_java_duration(text)) {
    return "a duration that is another one when it is written";
  }
  return {};
}

std::string check_inputs(std::string_view text, dropin::string_payload rule) {
  const auto job = json::members(text);
  if (job.wrong) return {};
  const auto inputs = dropin::read_inputs(job.members, rule);
  if (!inputs) {
    if (inputs.error().code != connector::error_code::invalid_input) return "refused otherwise";
    return inputs.error().message.empty() ? "refused without a word" : "";
  }
  const auto& invoke = connector::spec_of(connector::operation_id::invoke);
  bool named = false;
  bool authenticated = false;
  for (const auto& each : *inputs) {
    if (!json::is_json(each.value)) return each.name + " is no JSON";
    if (connector::find_input(invoke, each.name) == nullptr) return each.name + " is no input";
    if (each.value.size() > text.size() + 100) return each.name + " is from nowhere";
    named = named || each.name == "functionName";
    authenticated = authenticated || each.name == "authentication";
  }
  // The worker's own credentials are taken only where the task says so.
  return named && authenticated ? "" : "a call without a function or credentials";
}

std::string run_dropin_task(std::string_view input) {
  if (auto wrong = check_references(input); !wrong.empty()) return wrong;
  if (auto wrong = check_task_duration(input); !wrong.empty()) return wrong;
  if (auto wrong = check_inputs(input, dropin::string_payload::json_text); !wrong.empty()) {
    return wrong;
  }
  return check_inputs(input, dropin::string_payload::quoted);
}

}  // namespace

target dropin_task() {
  auto words = json_words();
  for (auto& word : secret_words()) words.push_back(std::move(word));
  for (const char* word : {"\"awsFunction\":",
                           "\"authentication\":",
                           "\"configuration\":",
                           "\"awsCredential\":",
                           "\"region\":\"r\"",
                           "\"functionName\":\"f\"",
                           "\"payload\":",
                           "\"operationType\":\"async\"",
                           "\"type\":\"defaultCredentialsChain\"",
                           "\"accessKey\":\"a\"",
                           "\"secretKey\":\"b\"",
                           "\"endpoint\":",
                           "\"camunda.function.type\":",
                           "P",
                           "PT",
                           "-",
                           "+",
                           "1D",
                           "2H",
                           "3M",
                           "4.5S"}) {
    words.emplace_back(word);
  }
  return {"DropInTask",
          run_dropin_task,
          {R"({"authentication":{"accessKey":"a","secretKey":"b"},"configuration":{"region":"r"},)"
           R"("awsFunction":{"functionName":"f","payload":{"a":1.10}}})",
           R"({"authentication":{"type":"defaultCredentialsChain"},)"
           R"("awsFunction":[{"functionName":7,"payload":"{\"a\":1}","region":["r"]}]})",
           R"({"awsCredential":{"authentication":{"accessKey":"a","secretKey":"b"},"region":"r"},)"
           R"("awsFunction":{"functionName":"f","payload":"","operationType":"ASYNC"}})",
           R"({"awsFunction":{"payload":{"camunda.function.type":"base64"}}})",
           "{{secrets.a:b}} secrets.c/d mysecrets.e {{ secrets.f }}{{secrets.{{secrets.g}}}}",
           "P1DT2H3M4.5S", "-PT-6H+3M", "PT0.000000001S"},
          std::move(words)};
}

}  // namespace fuzz
