#include "connector/lambda/invoke_response.h"

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/utf8.h"
#include "connector/lambda/function_error.h"
#include "connector/lambda/log_tail.h"

namespace connector::lambda {

namespace {

struct payload {
  std::string json;
  bool is_base64 = false;
};

result<payload> read_payload(std::string body) {
  if (body.empty()) return payload{"null"};
  json::limits engine;
  engine.integers_fit = true;
  const auto problem = json::check(body, engine);
  if (!problem) return payload{std::move(body)};
  json::limits any;
  any.depth = std::numeric_limits<std::size_t>::max();
  if (!json::check(body, any)) {
    error e;
    e.code = error_code::response_refused;
    e.message = fmt::format(
        "the engine would not take the function's answer: {} at byte {} of {}. The function ran; "
        "change what it returns, or let it return such a value as a string",
        problem->reason, problem->offset, body.size());
    return e;
  }
  if (is_utf8(body)) return payload{json::quote(body)};
  return payload{json::quote(base64_encode(body)), true};
}

// A header's value as a JSON string; null when there is none.
std::string quoted_header(const http::response& from, std::string_view name) {
  const auto value = http::find_header(from.fields, name);
  return value ? json::quote(*value) : "null";
}

}  // namespace

bool is_accepted(const http::response& answer) {
  return answer.status >= 200 && answer.status < 300;
}

result<answer> read_invoke_answer(http::response from, const std::string& function) {
  answer out;
  const auto request_id = aws::request_id_of(from);
  const auto failed = http::find_header(from.fields, "x-amz-function-error");
  auto read = read_payload(std::move(from.body));
  if (!read) return read.error();
  if (failed) {
    out.function_error = read_function_error(read->json);
    out.function_error->request_id = request_id;
    out.function_error->function_name = function;
  }
  auto& variables = out.variables;
  variables.push_back({"statusCode", std::to_string(from.status)});
  variables.push_back({"executedVersion", quoted_header(from, "x-amz-executed-version")});
  variables.push_back({"payload", std::move(read->json)});
  if (read->is_base64) variables.push_back({"payloadEncoding", "\"base64\""});

  std::optional<std::string> log;
  if (const auto tail = http::find_header(from.fields, "x-amz-log-result")) {
    log = decode_log_tail(*tail);
  }
  variables.push_back({"log", log ? json::quote(*log) : "null"});

  auto& details = out.details;
  if (!request_id.empty()) details.push_back({"requestId", json::quote(request_id)});
  if (failed) details.push_back({"functionError", json::quote(*failed)});
  auto report = read_report(log.value_or(std::string()));
  if (!report.duration_ms.empty()) {
    details.push_back({"durationMs", std::move(report.duration_ms)});
  }
  if (!report.billed_duration_ms.empty()) {
    details.push_back({"billedDurationMs", std::move(report.billed_duration_ms)});
  }
  if (const auto arn = http::find_header(from.fields, "x-amz-durable-execution-arn")) {
    details.push_back({"durableExecutionArn", json::quote(*arn)});
  }
  return out;
}

}  // namespace connector::lambda
