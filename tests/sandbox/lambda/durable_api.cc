// GetDurableExecution, ListDurableExecutionsByFunction, StopDurableExecution and the three answers
// to a callback: docs.aws.amazon.com/lambda/latest/api, version 2025-12-01 of the paths.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/json_check.h"
#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

namespace json = boost::json;

double seconds_of(std::chrono::system_clock::time_point at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

json::object summary(const durable_execution& one) {
  const auto end = one.arn.find("/durable-execution/");
  json::object out{{"DurableExecutionArn", one.arn},
                   {"DurableExecutionName", one.name},
                   {"FunctionArn", one.arn.substr(0, end)},
                   {"StartTimestamp", seconds_of(one.started)},
                   {"Status", one.status}};
  if (one.ended) out["EndTimestamp"] = seconds_of(*one.ended);
  return out;
}

answer not_there(std::string_view message) {
  return service_error(404, "ResourceNotFoundException", message);
}

answer get_execution(const service_parts& parts, const std::string& arn,
                     const request_target& target) {
  parts.durables.count_asked(arn);
  const auto found = parts.durables.find(arn);
  if (!found) return not_there("Durable execution not found: " + arn);
  const bool with_data = target.parameter("IncludeExecutionData") != "false";
  json::object body = summary(*found);
  body["Version"] = found->version;
  body["ExecutionDataIncluded"] = with_data;
  if (with_data) {
    body["InputPayload"] = found->payload;
    if (found->status == "SUCCEEDED") body["Result"] = found->result;
    if (found->ended && found->status != "SUCCEEDED") {
      json::array trace;
      for (const auto& line : found->stack_trace) trace.emplace_back(line);
      body["Error"] = json::object{{"ErrorType", found->error_type},
                                   {"ErrorMessage", found->error_message},
                                   {"StackTrace", trace}};
    }
  }
  return json_answer(json::serialize(body));
}

answer list_executions(const service_parts& parts, std::string_view segment,
                       const request_target& target) {
  const resolved_function found = resolve_function(parts, segment, target.parameter("Qualifier"));
  if (found.refusal) return *found.refusal;
  json::array all;
  const auto name = target.parameter("DurableExecutionName");
  for (const auto& one : parts.durables.all()) {
    if (!one.kept || one.function != found.function->name) continue;
    if (name.empty() || one.name == name) all.push_back(summary(one));
  }
  return json_answer(json::serialize(json::object{{"DurableExecutions", all}}));
}

// The members of an ErrorObject; nothing: the body is no object.
std::optional<std::pair<std::string, std::string>> read_error(const std::string& body) {
  if (body.empty()) return std::pair<std::string, std::string>();
  boost::system::error_code failed;
  const auto parsed = json::parse(body, failed);
  if (failed || !parsed.is_object()) return std::nullopt;
  const auto text = [&](const char* name) {
    const auto* value = parsed.as_object().if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  return std::pair(text("ErrorType"), text("ErrorMessage"));
}

answer no_error_object() {
  return service_error(400, "InvalidParameterValueException", "The body is no ErrorObject.");
}

answer stop_execution(const service_parts& parts, const std::string& arn, const std::string& body) {
  auto error = read_error(body);
  if (!error) return no_error_object();
  if (!parts.durables.stop(arn, std::move(error->first), std::move(error->second))) {
    return not_there("Durable execution not found: " + arn);
  }
  return json_answer(json::serialize(
      json::object{{"StopTimestamp", seconds_of(std::chrono::system_clock::now())}}));
}

answer answer_callback(const service_parts& parts, const std::string& id, std::string_view how,
                       const std::string& body) {
  using callback = durable_executions::callback;
  auto taken = callback::unknown;
  if (how == "succeed") {
    if (!body.empty() && !is_json(body)) {
      return service_error(400, "InvalidParameterValueException", "The result is no JSON.");
    }
    taken = parts.durables.succeed(id, body);
  } else if (how == "fail") {
    auto error = read_error(body);
    if (!error) return no_error_object();
    taken = parts.durables.fail(id, std::move(error->first), std::move(error->second));
  } else if (how == "heartbeat") {
    taken = parts.durables.heartbeat(id);
  } else {
    return service_error(404, "UnknownOperationException", "");
  }
  if (taken == callback::unknown) return not_there("Callback not found.");
  if (taken == callback::too_late) {
    return service_error(400, "CallbackTimeoutException", "The callback has ended already.");
  }
  return json_answer("{}");
}

}  // namespace

bool is_durable_api(const request_target& target) {
  return !target.path.empty() && target.path[0] == "2025-12-01";
}

answer durable_api(const service_parts& parts, const http_request& request,
                   const request_target& target) {
  const auto& path = target.path;
  const bool get = request.method == "GET";
  const bool post = request.method == "POST";
  const auto named = path.size() > 2 ? percent_decode(path[2]) : std::nullopt;
  if (named && path[1] == "durable-executions") {
    if (get && path.size() == 3) return get_execution(parts, *named, target);
    if (post && path.size() == 4 && path[3] == "stop") {
      return stop_execution(parts, *named, request.body);
    }
  }
  if (named && get && path[1] == "functions" && path.size() == 4 &&
      path[3] == "durable-executions") {
    return list_executions(parts, path[2], target);
  }
  if (named && post && path[1] == "durable-execution-callbacks" && path.size() == 4) {
    return answer_callback(parts, *named, path[3], request.body);
  }
  return service_error(404, "UnknownOperationException", "");
}

}  // namespace sandbox
