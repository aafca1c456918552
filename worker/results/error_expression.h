// `errorExpression`: how the job ends by the model's own rule; and `retryBackoff` as an expression.
// Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "worker/results/expressions.h"

namespace worker::results {

// null or {}, or a BPMN error without a code: the job ends as without an error expression.
struct no_decision {};

// bpmnError(code, message, variables).
struct bpmn_error_decision {
  std::string code;
  std::string message;           // empty when the expression gives none
  std::string variables = "{}";  // JSON object
};

// jobError(message, variables, retries, retryBackoff).
struct job_error_decision {
  std::string message;
  std::string variables = "{}";  // JSON object; who sends it puts the message in as `error`
  std::int32_t retries = 0;      // not below 0; fractions are cut off
  std::chrono::milliseconds back_off{0};  // 0 to ten years
};

// ignoreError(variables): the job completes with these variables alone.
struct ignore_error_decision {
  std::string variables = "{}";  // JSON object
};

using error_decision =
    std::variant<no_decision, bpmn_error_decision, job_error_decision, ignore_error_decision>;

// `seen`: the JSON text whose fields the expression sees, and as `response`. `job`: JSON text of
// the object `job`, with `retries` at least. Contexts that are written by hand with these fields
// count as the functions do, also with the older names `code` and `message`.
// Error: `unreadable`, `failed`, or `wrong_value`: neither context nor null, another errorType, or
// a field of another type.
//
// What is seen is the caller's. Our own job types: the whole response object, always. The connector
// runtime: {"error":{...}} of a call that failed; else the mapped variables when there are any;
// else the response.
evaluated<error_decision> decide(expression_session& session, std::string_view error_expression,
                                 std::string_view seen, std::string_view job);

// `retryBackoff` with a leading `=`: a days and time duration, or its text. No value: the
// expression gives null. 0 to ten years. Errors as above.
evaluated<std::optional<std::chrono::milliseconds>> retry_back_off(expression_session& session,
                                                                   std::string_view expression,
                                                                   std::string_view seen,
                                                                   std::string_view job);

}  // namespace worker::results
