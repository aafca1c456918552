// Function URLs: docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html. There is no name of its
// own for each here: /function-url/<name>/... is the URL of a function whose AuthType is AWS_IAM,
// /public-url/<name>/... that of one with NONE.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

namespace json = boost::json;

// The service says no more of a function that failed, and nothing of its error.
answer bad_gateway() {
  answer out = json_answer(R"({"Message":"Internal Server Error"})");
  out.status = 502;
  return out;
}

void copy_headers(const json::object& from, answer& out) {
  const auto* headers = from.if_contains("headers");
  if (headers == nullptr || !headers->is_object()) return;
  for (const auto& header : headers->as_object()) {
    if (const auto* value = header.value().if_string()) {
      out.headers.emplace_back(std::string(header.key()), std::string(*value));
    }
  }
}

// A result with a statusCode is the whole answer; every other one is the body of a 200.
answer as_http(answer made) {
  if (!made.wire.empty() || !made.error_type.empty()) return made;
  if (!made.function_error.empty()) return bad_gateway();
  boost::system::error_code failed;
  const auto parsed = json::parse(made.body, failed);
  const auto* object = failed ? nullptr : parsed.if_object();
  const auto* status = object != nullptr ? object->if_contains("statusCode") : nullptr;
  if (status == nullptr || !status->is_int64()) return made;
  answer out;
  out.delay = made.delay;
  out.status = static_cast<int>(status->as_int64());
  copy_headers(*object, out);
  if (const auto* body = object->if_contains("body")) {
    out.body = body->is_string() ? std::string(body->as_string()) : json::serialize(*body);
  }
  return out;
}

}  // namespace

bool is_function_url(const request_target& target) {
  return target.path.size() >= 2 &&
         (target.path[0] == "function-url" || target.path[0] == "public-url");
}

bool is_public_url(const request_target& target) {
  return is_function_url(target) && target.path[0] == "public-url";
}

plan function_url(const service_parts& parts, http_request request, const request_target& target,
                  std::string access_key_id) {
  plan out;
  out.request_id = make_request_id();
  auto function = parts.functions.find(target.path[1]);
  if (!function) {
    out.reply = json_answer(R"({"Message":null})");
    out.reply.status = 404;
    return out;
  }
  invocation call;
  call.function = function->name;
  call.executed_version = "$LATEST";
  call.invocation_type = "RequestResponse";
  call.request_id = out.request_id;
  call.job_key = request.header("x-job-key");
  call.access_key_id = std::move(access_key_id);
  call.payload = std::move(request.body);
  call.target = std::move(request.target);
  call.headers = std::move(request.headers);
  call.attempt = parts.counts.invoke_requested(call);
  if (parts.throttle_all) {
    out.reply = service_error(429, "TooManyRequestsException", "Rate Exceeded.");
    out.call = std::make_unique<counted_call>(parts.counts, std::move(call), false);
    return out;
  }
  out.reply = as_http(function->body(call));
  const bool ran = out.reply.error_type.empty() || out.reply.status == 500;
  out.call = std::make_unique<counted_call>(parts.counts, std::move(call), ran);
  return out;
}

}  // namespace sandbox
