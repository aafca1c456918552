#include "connector/lambda/durable/execution_state.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"
#include "connector/base/shortened.h"
#include "connector/lambda/functions/api_call.h"
#include "connector/lambda/invoke/answer_payload.h"
#include "connector/lambda/invoke/function_error.h"
#include "connector/lambda/json_members.h"

namespace connector::lambda {

namespace {

using members = std::vector<json::member>;

std::string text_in(const members& from, std::string_view name) {
  const auto value = find_unescaped(from, name);
  return value ? json::text_of(*value).value_or("") : "";
}

std::string raw_in(const members& from, std::string_view name) {
  return std::string(find_unescaped(from, name).value_or("null"));
}

execution_state::phase phase_of(std::string_view status) {
  using enum execution_state::phase;
  if (status == "SUCCEEDED") return succeeded;
  if (status == "FAILED" || status == "TIMED_OUT" || status == "STOPPED") return failed;
  return status == "DELETING" ? deleted : runs;
}

// A timeout and a stop have the status as their type, whatever else is said of them: that is what
// a model can catch.
void read_failure(const members& from, execution_state& into) {
  const auto given = find_unescaped(from, "Error");
  const auto error = given ? json::members(*given).members : members();
  auto& failure = into.failure;
  failure.code = name_of(error_code::function_error);
  const auto type = std::string(shortened(text_in(error, "ErrorType"), max_error_type));
  failure.message = shortened(text_in(error, "ErrorMessage"), max_error_message);
  failure.type = into.status == "FAILED" && !type.empty() ? type : into.status;
  if (into.status != "FAILED" && !type.empty()) {
    failure.message = failure.message.empty() ? type : fmt::format("{}: {}", type, failure.message);
  }
  auto trace = raw_in(error, "StackTrace");
  if (json::kind_of(trace) == json::kind::array && trace != "[]" &&
      trace.size() <= max_stack_trace) {
    failure.stack_trace_json = std::move(trace);
  }
  into.error_data = raw_in(error, "ErrorData");
}

// The member is a string that holds JSON.
result<void> read_result(const members& from, execution_state& into) {
  const auto given = find_unescaped(from, "Result");
  if (!given || *given == "null") return {};
  auto text = json::text_of(*given);
  if (!text) {
    // A lone surrogate: the token is a JSON string as it stands.
    into.result = *given;
    return {};
  }
  auto payload = read_answer_payload(*std::move(text));
  if (!payload) return payload.error();
  into.result = std::move(payload->json);
  into.is_base64 = payload->is_base64;
  return {};
}

}  // namespace

result<execution_state> read_execution(std::string_view body) {
  json::limits engine;
  engine.integers_fit = true;  // members go to the engine as they stand
  const auto read = json::members(without_mark(body), engine);
  if (read.wrong) return not_that_answer(read.wrong->reason);
  execution_state out;
  out.status = text_in(read.members, "Status");
  if (out.status.empty() || out.status.size() > 64) return not_that_answer("it holds no status");
  out.at = phase_of(out.status);
  out.with_data = raw_in(read.members, "ExecutionDataIncluded") != "false";
  out.version = raw_in(read.members, "Version");
  out.name = raw_in(read.members, "DurableExecutionName");
  out.function_arn = raw_in(read.members, "FunctionArn");
  out.started = raw_in(read.members, "StartTimestamp");
  out.ended = raw_in(read.members, "EndTimestamp");
  out.result = "null";
  out.error_data = "null";
  if (out.at == execution_state::phase::failed) read_failure(read.members, out);
  if (out.at == execution_state::phase::succeeded) {
    if (auto taken = read_result(read.members, out); !taken) return taken.error();
  }
  return out;
}

answer answer_of(execution_state state, std::string_view arn, std::string_view request_id,
                 std::string_view function) {
  answer out;
  const bool failed = state.at == execution_state::phase::failed;
  if (failed) {
    auto& error = out.function_error.emplace(std::move(state.failure));
    error.request_id = request_id;
    error.function_name = function;
    // As a function that fails writes it.
    json::object_writer payload;
    payload.string("errorType", error.type).string("errorMessage", error.message);
    payload.raw("stackTrace", error.stack_trace_json.empty() ? "[]" : error.stack_trace_json);
    if (state.error_data != "null") payload.raw("errorData", state.error_data);
    state.result = payload.take();
  }
  out.variables.push_back({"statusCode", "200"});
  out.variables.push_back({"executedVersion", std::move(state.version)});
  out.variables.push_back({"payload", std::move(state.result)});
  if (state.is_base64) out.variables.push_back({"payloadEncoding", "\"base64\""});
  out.variables.push_back({"log", "null"});
  if (!request_id.empty()) out.details.push_back({"requestId", json::quote(request_id)});
  if (failed) out.details.push_back({"functionError", json::quote(state.status)});
  out.details.push_back({"durableExecutionArn", json::quote(arn)});
  return out;
}

}  // namespace connector::lambda
