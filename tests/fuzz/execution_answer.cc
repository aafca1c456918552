// From any answer of GetDurableExecution to variables: the engine may take each of them, and an ARN
// has the parts that it is made of.
#include <string>

#include "connector/base/json_scan.h"
#include "connector/lambda/durable/execution_arn.h"
#include "connector/lambda/durable/execution_state.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace json = connector::json;
using namespace connector::lambda;

bool engine_takes_execution(std::string_view value) {
  json::limits engine;
  engine.integers_fit = true;
  return !json::check(value, engine).has_value();
}

std::string run_arn(std::string_view input) {
  const auto parsed = parse_execution_arn(input);
  if (!parsed) return {};
  const auto& a = *parsed;
  const auto again = "arn:" + a.partition + ":lambda:" + a.region + ":" + a.account +
                     ":function:" + a.function + ":" + a.version + "/durable-execution/" + a.name +
                     "/" + a.id;
  return again == input ? "" : "an ARN does not read back";
}

std::string run_execution_answer(std::string_view input) {
  if (auto wrong = run_arn(input); !wrong.empty()) return wrong;
  auto state = read_execution(input);
  if (!state) return {};
  for (const auto* value : {&state->version, &state->name, &state->function_arn, &state->started,
                            &state->ended, &state->result, &state->error_data}) {
    if (!engine_takes_execution(*value)) return "a member would be refused by the engine";
  }
  if (!engine_takes_execution(state->failure.json()))
    return "the error would be refused by the engine";
  if (state->at != execution_state::phase::succeeded &&
      state->at != execution_state::phase::failed) {
    return {};
  }
  const bool failed = state->at == execution_state::phase::failed;
  const auto answer = answer_of(*std::move(state), "arn", "id", "f");
  if (failed != answer.function_error.has_value())
    return "a failure is read as a success, or a success as a failure";
  for (const auto* fields : {&answer.variables, &answer.details}) {
    for (const auto& each : *fields) {
      if (!engine_takes_execution(each.value)) return each.name + " would be refused by the engine";
    }
  }
  return {};
}

}  // namespace

target execution_answer() {
  std::vector<std::string> seeds = {
      R"({"Status":"RUNNING","ExecutionDataIncluded":false})",
      R"({"Status":"SUCCEEDED","Result":"{\"a\":[1.10]}","Version":"$LATEST","EndTimestamp":1.5})",
      R"({"Status":"SUCCEEDED","Result":"\ud800"})",
      R"({"Status":"FAILED","Error":{"ErrorType":"E","ErrorMessage":"m","StackTrace":["a"]}})",
      R"({"Status":"STOPPED","Error":{"ErrorType":"E","ErrorData":"{}"}})",
      R"({"Status":"TIMED_OUT"})",
      R"({"Status":"DELETING"})",
      "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST/durable-execution/job-1/id",
  };
  for (const auto& each : json_seeds())
    seeds.push_back(R"({"Status":"SUCCEEDED","Result":)" + each + "}");
  std::vector<std::string> words = json_words();
  for (const char* word : {"Status", "SUCCEEDED", "FAILED", "STOPPED", "Error", "ErrorType",
                           "ErrorMessage", "StackTrace", "Result", ":", "/durable-execution/"}) {
    words.emplace_back(word);
  }
  return {"ExecutionAnswer", run_execution_answer, std::move(seeds), std::move(words)};
}

}  // namespace fuzz
