#include "connector/lambda/invoke/invoke_response.h"

#include <optional>
#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/base/json.h"
#include "connector/lambda/durable/durable_start.h"
#include "connector/lambda/invoke/answer_payload.h"
#include "connector/lambda/invoke/function_error.h"
#include "connector/lambda/invoke/log_tail.h"

namespace connector::lambda {

namespace {

// A header's value as a JSON string; null when there is none.
std::string quoted_header(const http::response& from, std::string_view name) {
  const auto value = http::find_header(from.fields, name);
  return value ? json::quote(*value) : "null";
}

}  // namespace

result<answer> read_invoke_answer(http::response from, const std::string& function) {
  answer out;
  const auto request_id = aws::request_id_of(from);
  const auto failed = http::find_header(from.fields, "x-amz-function-error");
  auto read = read_answer_payload(std::move(from.body));
  if (!read) return read.error();
  if (failed) {
    out.function_error = read_function_error(read->json);
    out.function_error->request_id = request_id;
    out.function_error->function_name = function;
  }
  auto& variables = out.variables;
  variables.reserve(5);
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
  details.reserve(5);
  if (!request_id.empty()) details.push_back({"requestId", json::quote(request_id)});
  if (failed) details.push_back({"functionError", json::quote(*failed)});
  auto report = read_report(log.value_or(std::string()));
  if (!report.duration_ms.empty()) {
    details.push_back({"durationMs", std::move(report.duration_ms)});
  }
  if (!report.billed_duration_ms.empty()) {
    details.push_back({"billedDurationMs", std::move(report.billed_duration_ms)});
  }
  if (const auto arn = http::find_header(from.fields, execution_arn_header)) {
    details.push_back({"durableExecutionArn", json::quote(*arn)});
  }
  return out;
}

}  // namespace connector::lambda
