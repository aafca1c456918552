#include "tests/sandbox/lambda/functions.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <mutex>
#include <set>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/fields.h"
#include "tests/sandbox/lambda/json_check.h"

namespace sandbox {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t max_delay = 31 * 60 * 1000;
constexpr std::uint64_t max_bytes = 128 * 1024 * 1024;

answer echo(const invocation& call) {
  return json_answer(call.payload.empty() ? "null" : call.payload);
}

answer fail(const invocation& call) {
  const fields given(call.payload);
  return function_failure(given.text("type", "Error"), given.text("message", "it failed"),
                          {"at handler (index.js:1:1)", "at run (runtime.js:2:2)"});
}

answer timed_out(const invocation& call) {
  return function_failure("Sandbox.Timedout", "RequestId: " + call.request_id +
                                                  " Error: Task timed out after 3.00 seconds");
}

answer slow(const invocation& call) {
  answer out = echo(call);
  out.delay = milliseconds(fields(call.payload).number("ms", 1000, max_delay));
  return out;
}

answer throttled_answer() {
  answer out = service_error(429, "TooManyRequestsException", "Rate Exceeded.");
  out.body.insert(1, "\"Reason\":\"ConcurrentInvocationLimitExceeded\",");
  out.headers.emplace_back("Retry-After", "1");
  return out;
}

function throttle_once() {
  struct seen {
    std::mutex guard;
    std::set<std::string> keys;
  };
  return [known = std::make_shared<seen>()](const invocation& call) {
    const std::string key =
        call.job_key.empty() ? "body " + hex(sha256(call.payload)) : "job " + call.job_key;
    const std::lock_guard lock(known->guard);
    return known->keys.insert(key).second ? throttled_answer() : echo(call);
  };
}

// Of a durable execution: it ends when its callback is answered.
answer wait_for_callback(const invocation&) {
  answer out;
  out.waits_for_callback = true;
  return out;
}

answer big(const invocation& call) {
  const auto size =
      std::max<std::uint64_t>(fields(call.payload).number("bytes", 1000, max_bytes), 2);
  return json_answer('"' + std::string(size - 2, 'x') + '"');
}

answer nested(const invocation& call) {
  const auto depth = fields(call.payload).number("depth", 2000, 1000000);
  return json_answer(std::string(depth, '[') + std::string(depth, ']'));
}

answer plain_text(const invocation&) {
  answer out = json_answer("this is no JSON");
  out.content_type = "text/plain";
  return out;
}

answer logs(const invocation& call) {
  answer out = echo(call);
  for (int line = 0; out.log.size() < 8192; ++line) {
    out.log += "line " + std::to_string(line) + " of the log, with caf\xc3\xa9 and \"quotes\"\n";
  }
  return out;
}

// Any answer of the service: status, type, message, reason, retryAfter, headers; or a raw body.
answer error_status(const invocation& call) {
  const fields given(call.payload);
  const auto status = static_cast<int>(given.number("status", 500, 999));
  answer out = service_error(status, given.text("type", "ServiceException"),
                             given.text("message", "made by error-status"));
  if (given.has("body")) out.body = given.text("body");
  if (given.has("reason")) {
    out.body.insert(1, "\"Reason\":" + boost::json::serialize(given.object().at("reason")) + ",");
  }
  if (given.has("contentType")) out.content_type = given.text("contentType");
  if (given.has("retryAfter")) {
    out.headers.emplace_back("Retry-After", std::to_string(given.number("retryAfter", 1, 100000)));
  }
  const auto* headers = given.object().if_contains("headers");
  if (headers != nullptr && headers->is_object()) {
    for (const auto& item : headers->as_object()) {
      if (const auto* value = item.value().if_string()) {
        out.headers.emplace_back(std::string(item.key()), std::string(*value));
      }
    }
  }
  return out;
}

answer context(const invocation& call) {
  boost::json::object headers;
  for (const auto& [name, value] : call.headers) {
    const bool secret = equals_ignoring_case(name, "authorization") ||
                        equals_ignoring_case(name, "x-amz-security-token");
    headers[name] = secret ? "(sent)" : value;
  }
  boost::json::object about{{"functionName", call.function},
                            {"qualifier", call.qualifier},
                            {"executedVersion", call.executed_version},
                            {"requestId", call.request_id},
                            {"jobKey", call.job_key},
                            {"tenantId", call.tenant_id},
                            {"durableName", call.durable_name},
                            {"attempt", call.attempt},
                            {"headers", headers}};
  std::string body = boost::json::serialize(about);
  body.pop_back();
  body += ",\"clientContext\":" + (call.client_context.empty() ? "null" : call.client_context);
  body += ",\"payload\":" + (call.payload.empty() ? "null" : call.payload) + "}";
  return json_answer(std::move(body));
}

answer html_503(const invocation&) {
  answer out = json_answer("<html><body><h1>503 Service Unavailable</h1></body></html>");
  out.status = 503;
  out.content_type = "text/html";
  return out;
}

function fixed(std::string body) {
  return [body = std::move(body)](const invocation&) { return json_answer(body); };
}

}  // namespace

named_functions built_in_functions() {
  return {
      {"echo", echo},
      {"fail", fail},
      {"timed-out", timed_out},
      {"slow", slow},
      {"wait-for-callback", wait_for_callback},
      {"throttle-once", throttle_once()},
      {"throttle-always", [](const invocation&) { return throttled_answer(); }},
      {"big", big},
      {"nested", nested},
      {"not-json", plain_text},
      {"not-utf8", fixed("\"\xff\xfe caf\xe9\"")},
      {"empty", fixed("")},
      {"void", fixed("null")},
      {"huge-integer", fixed(R"({"n":123456789012345678901234567890,"d":1.10})")},
      {"logs", logs},
      {"error-status", error_status},
      {"versioned",
       [](const invocation& call) {
         return json_answer("{\"version\":\"" + call.executed_version + "\"}");
       }},
      {"context", context},
      {"service-exception",
       [](const invocation&) { return service_error(500, "ServiceException", "Internal error"); }},
      {"html-503", html_503},
  };
}

}  // namespace sandbox
