// The Invoke operation: docs.aws.amazon.com/lambda/latest/api/API_Invoke.html.
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstdio>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/json_check.h"
#include "tests/sandbox/lambda/service.h"

namespace sandbox {

namespace {

constexpr std::size_t max_synchronous = 6 * 1024 * 1024;
constexpr std::size_t max_asynchronous = 1024 * 1024;
constexpr std::size_t max_answer = 6291556;
constexpr std::size_t max_context = 3583;
constexpr std::size_t max_log = 4096;

// custom.job.jobKey as text, whether it was a string or a number.
std::string job_key_of(const boost::json::value& context) {
  const boost::json::value* at = &context;
  for (const char* name : {"custom", "job", "jobKey"}) {
    const auto* object = at->if_object();
    at = object != nullptr ? object->if_contains(name) : nullptr;
    if (at == nullptr) return {};
  }
  if (const auto* text = at->if_string()) return {text->data(), text->size()};
  if (const auto* number = at->if_int64()) return std::to_string(*number);
  return {};
}

std::optional<answer> read_context(std::string_view encoded, invocation& call) {
  auto text = base64_decode(encoded);
  boost::system::error_code failed;
  const boost::json::value parsed =
      text ? boost::json::parse(*text, failed) : boost::json::value(nullptr);
  if (!text || failed || !parsed.is_object()) {
    return service_error(400, "InvalidRequestContentException",
                         "Client context must be a valid Base64-encoded JSON object.");
  }
  if (encoded.size() > max_context) {
    return service_error(400, "InvalidRequestContentException",
                         "Client context must be at most 3583 bytes.");
  }
  call.client_context = std::move(*text);
  call.job_key = job_key_of(parsed);
  return std::nullopt;
}

std::optional<answer> check_body(const http_request& request, bool event) {
  if (request.body.size() > (event ? max_asynchronous : max_synchronous)) {
    return service_error(413, "RequestTooLargeException",
                         "Request must be smaller than " +
                             std::to_string(event ? max_asynchronous : max_synchronous) +
                             " bytes for the InvokeFunction operation");
  }
  const std::string_view type = request.header("content-type");
  if (!type.empty() && type.find("json") == std::string_view::npos &&
      type.substr(0, 24) != "application/octet-stream") {
    return service_error(415, "UnsupportedMediaTypeException",
                         "Unsupported content type: " + std::string(type));
  }
  if (!request.body.empty() && !is_json(request.body)) {
    return service_error(400, "InvalidRequestContentException",
                         "Could not parse request body into json: it is not exactly one value");
  }
  return std::nullopt;
}

answer throttled(std::string_view reason) {
  answer out = service_error(429, "TooManyRequestsException", "Rate Exceeded.");
  out.body.insert(1, "\"Reason\":\"" + std::string(reason) + "\",");
  out.headers.emplace_back("Retry-After", "1");
  return out;
}

// The tail of the log in the form the runtime prints it.
std::string log_tail(const invocation& call, const answer& made) {
  char report[160];
  const auto ms = static_cast<long long>(made.delay.count());
  std::snprintf(report, sizeof report,
                "\tDuration: %lld.25 ms\tBilled Duration: %lld ms\tMemory Size: 128 MB\t"
                "Max Memory Used: 32 MB\t\n",
                ms, ms + 1);
  std::string log = "START RequestId: " + call.request_id + " Version: " + call.executed_version +
                    '\n' + made.log;
  if (log.back() != '\n') log += '\n';
  log += "END RequestId: " + call.request_id + "\nREPORT RequestId: " + call.request_id + report;
  if (log.size() > max_log) log.erase(0, log.size() - max_log);
  return log;
}

answer empty_answer(int status, const invocation& call) {
  answer out;
  out.status = status;
  out.headers.emplace_back("X-Amz-Executed-Version", call.executed_version);
  return out;
}

}  // namespace

void complete_answer(const invocation& call, answer& made) {
  if (made.body.size() > max_answer && made.wire.empty()) {
    const auto delay = made.delay;
    made = function_failure("Function.ResponseSizeTooLarge",
                            "Response payload size exceeded maximum allowed payload size (6291556 "
                            "bytes).");
    made.delay = delay;
  }
  if (!made.error_type.empty()) return;
  made.headers.emplace_back("X-Amz-Executed-Version", call.executed_version);
  if (call.log_tail) {
    made.headers.emplace_back("X-Amz-Log-Result", base64_encode(log_tail(call, made)));
  }
}

plan invoke(const service_parts& parts, http_request request, const request_target& target,
            std::string access_key_id) {
  plan out;
  out.request_id = make_request_id();
  const auto refuse = [&out](answer refusal) {
    out.reply = std::move(refusal);
    return std::move(out);
  };
  resolved_function found = resolve_function(parts, target.path[2], target.parameter("Qualifier"));
  if (found.refusal) return refuse(std::move(*found.refusal));

  invocation call;
  call.invocation_type = request.header("x-amz-invocation-type");
  if (call.invocation_type.empty()) call.invocation_type = "RequestResponse";
  const bool event = call.invocation_type == "Event";
  const bool dry_run = call.invocation_type == "DryRun";
  if (!event && !dry_run && call.invocation_type != "RequestResponse") {
    return refuse(service_error(400, "ValidationException",
                                "1 validation error detected: Value '" + call.invocation_type +
                                    "' at 'invocationType' failed to satisfy constraint"));
  }
  if (auto refusal = check_body(request, event)) return refuse(std::move(*refusal));
  const std::string_view context = request.header("x-amz-client-context");
  if (!context.empty()) {
    if (auto refusal = read_context(context, call)) return refuse(std::move(*refusal));
  }
  call.function = found.function->name;
  call.qualifier = std::move(found.qualifier);
  call.executed_version = std::move(found.version);
  call.request_id = out.request_id;
  call.log_tail = !event && !dry_run && request.header("x-amz-log-type") == "Tail";
  call.tenant_id = request.header("x-amz-tenant-id");
  call.durable_name = request.header("x-amz-durable-execution-name");
  call.access_key_id = std::move(access_key_id);
  call.payload = std::move(request.body);
  call.target = std::move(request.target);
  call.headers = std::move(request.headers);
  call.attempt = parts.counts.invoke_requested(call);

  if (parts.throttle_all) {
    out.reply = throttled("CallerRateLimitExceeded");
    out.call = std::make_unique<counted_call>(parts.counts, std::move(call), false);
    return out;
  }
  if (dry_run) {
    out.reply = empty_answer(204, call);
    out.call = std::make_unique<counted_call>(parts.counts, std::move(call), false);
    return out;
  }
  if (!call.durable_name.empty() && found.function->options.durable) {
    return invoke_durable(parts, found.function, std::move(call), std::move(out));
  }
  if (event) {
    // The service gives a function that is called this way no client context.
    const std::string sent_context = std::exchange(call.client_context, {});
    const answer made = found.function->body(call);
    call.client_context = sent_context;
    out.runs_on = made.delay;
    out.reply = empty_answer(202, call);
    out.call = std::make_unique<counted_call>(parts.counts, std::move(call), true);
    return out;
  }
  out.reply = found.function->body(call);
  complete_answer(call, out.reply);
  // What the service refused by name did not run the function.
  const bool ran = out.reply.error_type.empty() || out.reply.status == 500;
  out.call = std::make_unique<counted_call>(parts.counts, std::move(call), ran);
  return out;
}

}  // namespace sandbox
