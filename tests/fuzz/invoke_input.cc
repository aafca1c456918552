// The inputs of a call, from an object of any values: refused by name, or typed and within bounds.
#include "connector/lambda/invoke/invoke_input.h"

#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/number_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace json = connector::json;

bool is_clean_input(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return connector::is_utf8(text);
}

std::string run_invoke_input(std::string_view text) {
  const auto object = json::members(text);
  if (object.wrong) return {};
  std::vector<connector::input_value> inputs;
  for (const auto& [name, value] : object.members) {
    inputs.push_back({std::string(name), std::string(value), false});
  }
  const auto read = connector::lambda::read_invoke_input(std::move(inputs));
  if (!read) {
    const auto& wrong = read.error();
    if (wrong.code != connector::error_code::invalid_input &&
        wrong.code != connector::error_code::missing_input) {
      return "refused with another code";
    }
    if (wrong.message.empty()) return "refused without a word";
    return {};
  }
  const auto& function = read->function;
  const std::string target = read->url ? read->url->target : "/";
  if (function.text.empty() && !read->url) return "no function, and no complaint";
  for (const auto* each :
       {&function.text, &function.qualifier, &read->tenant_id, &read->durable_name,
        &read->traceparent, &read->trace_header, &read->frame.region, &target}) {
    if (!is_clean_input(*each)) return "a control character came through";
  }
  if (read->frame.timeout.count() <= 0 || read->frame.timeout > connector::longest_call) {
    return "a timeout out of its bounds";
  }
  if (read->payload && !read->payload->empty() && !json::is_json(*read->payload)) {
    return "a payload that is no JSON";
  }
  if (!read->client_context.empty() && json::members(read->client_context).wrong.has_value()) {
    return "a client context that is no object";
  }
  return {};
}

}  // namespace

target invoke_input() {
  std::vector<std::string> words = json_words();
  for (const char* word : {"\"functionName\":",
                           "\"payload\":",
                           "\"payloadFormat\":",
                           "\"qualifier\":",
                           "\"region\":",
                           "\"timeout\":",
                           "\"PT5S\"",
                           "\"authentication\":",
                           "\"type\":\"static\"",
                           "\"Event\"",
                           "\"invocationType\":",
                           "\"clientContext\":",
                           "\"endpoint\":",
                           "https://",
                           ".lambda-url.eu-west-1.on.aws",
                           "\"type\":\"none\"",
                           "%2e%2e/",
                           "?a=%20&b",
                           "../",
                           "arn:aws:lambda:",
                           ":",
                           "\"text\"",
                           "\"json\"",
                           "function:",
                           "$LATEST",
                           "123456789012",
                           "\\u0000",
                           "\\r\\n"}) {
    words.emplace_back(word);
  }
  target out{
      "InvokeInput",
      run_invoke_input,
      {R"({"functionName":"f","payload":{"a":1.10}})",
       R"({"functionName":"arn:aws:lambda:us-east-1:123456789012:function:f:PROD"})",
       R"({"functionName":"f:1","qualifier":"1","payload":"{\"a\":1}","timeout":"PT5S"})",
       R"({"functionName":"f","payload":"text","payloadFormat":"text","logType":"None"})",
       R"({"functionName":"f","payload":"text","payloadFormat":"json"})",
       R"({"functionName":"f","invocationType":"Event","clientContext":{"custom":{}}})",
       R"({"functionName":"f","authentication":{"type":"static","accessKeyId":"a","secretAccessKey":"b"}})",
       R"({"functionName":"f","region":"us-east-1/../","functionTenantId":"\u0000"})",
       R"({"functionName":"https://abc.lambda-url.eu-west-1.on.aws/a?b=c","payload":1})",
       R"({"functionNam":"f"})", R"({"functionName":null,"payload":null})", "{}"},
      std::move(words)};
  add_numbers(out.seeds, R"({"functionName":"f","payload":)", "}");
  add_numbers(out.seeds, R"({"functionName":"f","timeout":"PT)", R"(S"})");
  add_numbers(
      out.seeds,
      R"({"functionName":"f","authentication":{"type":"assumeRole","roleArn":"arn:aws:iam::123456789012:role/x","durationSeconds":)",
      "}}");
  return out;
}

}  // namespace fuzz
