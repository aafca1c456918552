// From any accepted answer of Lambda to variables: the engine may take each of them.
#include "connector/lambda/invoke/invoke_response.h"

#include "connector/base/json_scan.h"
#include "connector/lambda/invoke/function_error.h"
#include "tests/fuzz/http_bytes.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace json = connector::json;

bool engine_takes(std::string_view value) {
  json::limits engine;
  engine.integers_fit = true;
  return !json::check(value, engine).has_value();
}

std::string run_invoke_response(std::string_view input) {
  auto answer = answer_of(input);
  const std::string body = answer.body;
  const auto read = connector::lambda::read_invoke_answer(std::move(answer), "f");
  if (!read) {
    if (read.error().code != connector::error_code::response_refused) return "another error";
    return engine_takes(body) ? "an answer was refused that the engine takes" : "";
  }
  for (const auto* fields : {&read->variables, &read->details}) {
    for (const auto& each : *fields) {
      if (!engine_takes(each.value)) return each.name + " would be refused by the engine";
      if (each.name == "payload" && engine_takes(body) && each.value != body) {
        return "a good payload did not stay as it was";
      }
    }
  }
  if (read->function_error && !engine_takes(read->function_error->json())) {
    return "the variable error would be refused by the engine";
  }
  return {};
}

}  // namespace

target invoke_response() {
  std::vector<std::string> seeds = {
      "200\nX-Amz-Executed-Version:$LATEST\nx-amzn-RequestId:1-2\nX-Amz-Log-Result:"
      "UkVQT1JUIFJlcXVlc3RJZDogYQlEdXJhdGlvbjogMS4yIG1zCUJpbGxlZCBEdXJhdGlvbjogMiBtcwo=\n\n{\"a\":"
      "1}",
      "200\nX-Amz-Function-Error:Unhandled\n\n"
      R"({"errorType":"Error","errorMessage":"no","trace":["a","b"],"stackTrace":[["f",1]]})",
      "200\nX-Amz-Function-Error:Handled\nX-Amz-Durable-Execution-Arn:arn\n\n\"text\"",
      "202\n\n",
      "200\n\n\xff\xfe",
      "200\n\nno JSON at all",
      "200\nX-Amz-Executed-Version:\xc3\nX-Amz-Log-Result:%%%\n\n[18446744073709551616]",
  };
  for (const auto& each : json_seeds()) seeds.push_back("200\n\n" + each);
  std::vector<std::string> words = json_words();
  for (const char* word :
       {"X-Amz-Function-Error:", "errorMessage", "errorType", "stackTrace", "trace", "\n\n",
        "REPORT RequestId: ", "Duration: ", "X-Amz-Log-Result:"}) {
    words.emplace_back(word);
  }
  return {"InvokeResponse", run_invoke_response, std::move(seeds), std::move(words)};
}

}  // namespace fuzz
