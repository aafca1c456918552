// How a call starts a durable execution: under which name, and what the answer says about it. Pure.
// Source: Lambda API reference, Invoke; Lambda developer guide, "Idempotency" of durable functions.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/invoke/invoke_input.h"
#include "connector/lambda/operation_call.h"

namespace connector::lambda {

inline constexpr std::string_view execution_arn_header = "x-amz-durable-execution-arn";

// Puts the execution's name into `input`, and makes it an Event call when the run polls.
// INVALID_INPUT when Lambda does not take the name, and for inputs that such a call has no place
// for.
result<void> name_execution(invoke_input& input, const durable_run& run);

// Reads the answer to an Event call that started an execution, or attached to one.
result<reading> read_start(const http::response& from, std::string_view function,
                           std::string_view execution_name);

// For the log: the function answered without an execution, so it is not durable.
std::string plain_function_note(std::string_view function);

}  // namespace connector::lambda
