// A job of any headers and variables: its task is read or refused, and what the call gets is JSON.
#include "connector/base/json_scan.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/jobs/task.h"

namespace fuzz {

namespace {

namespace json = connector::json;
namespace jobs = worker::jobs;

// Headers and variables, with a line of --- between them.
std::string run_job_task(std::string_view input) {
  constexpr std::string_view between = "\n---\n";
  const auto cut = std::min(input.find(between), input.size());
  worker::engine::job from;
  from.key = 2251799813685249;
  from.headers = input.substr(0, cut);
  from.variables = input.substr(std::min(cut + between.size(), input.size()));
  const auto& operation = connector::spec_of(connector::operation_id::invoke);
  auto read = jobs::read_task(from, operation, {});
  if (read.error) {
    if (read.error->code != connector::error_code::invalid_input) return "refused as another code";
    if (read.error->message.empty()) return "refused without a word";
    return {};
  }
  for (const auto& value : read.values) {
    if (!json::is_json(value.input.value)) return value.input.name + " is no JSON";
  }
  if (read.attempt < 0) return "fewer than no attempts";
  const auto call = jobs::make_call(std::move(read.values), read.headers, from, operation);
  for (const auto& each : call.inputs) {
    if (!json::is_json(each.value)) return each.name + " is no JSON";
    if (connector::find_input(operation, each.name) == nullptr &&
        each.value.size() > from.variables.size() + from.headers.size() + 2) {
      return "an input from nowhere";
    }
  }
  return {};
}

}  // namespace

target job_task() {
  std::vector<std::string> words = json_words();
  for (const char* word : {"\n---\n", "\"lambda\":", "\"functionName\":", "\"function\":",
                           "\"payload\":", "\"inputs\":\"short\"", "\"inputs\":\"lambda\"",
                           "\"resultVariable\":", "\"outputs\":\"alfresco\"",
                           "\"bpmnErrors\":\"*\"", "\"retryBackoff\":\"PT1S\"",
                           "\"atMostOnce\":\"true\"", "\"onError\":", "\"lambdaAttempt\":3",
                           "\"lambdaCall\":{\"jobKey\":\"2251799813685249\"}"}) {
    words.emplace_back(word);
  }
  target out{
      "JobTask",
      run_job_task,
      {"{}\n---\n{\"lambda\":{\"functionName\":\"f\",\"payload\":{\"a\":1.10}}}",
       "{\"inputs\":\"short\"}\n---\n{\"functionName\":\"f\",\"payload\":[1,2],\"lambda\":1}",
       "{\"functionName\":\"f\",\"resultVariable\":\"r\"}\n---\n{\"payload\":null}",
       "{\"retryBackoff\":\"soon\",\"functionNam\":\"x\"}\n---\n{}",
       "\n---\n{\"lambda\":{\"functionName\":\"f\"},\"functionName\":\"g\"}",
       "{\"atMostOnce\":\"true\"}\n---\n{\"lambdaCall\":{\"jobKey\":\"1\"},\"lambdaAttempt\":"
       "\"x\"}",
       "[1]\n---\nnot JSON"},
      std::move(words)};
  add_numbers(out.seeds, "{}\n---\n{\"lambda\":{\"functionName\":\"f\"},\"lambdaAttempt\":", "}");
  add_numbers(out.seeds, "{\"retryBackoff\":\"PT", "S\"}\n---\n{}");
  return out;
}

}  // namespace fuzz
