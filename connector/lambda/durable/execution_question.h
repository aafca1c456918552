// Asks GetDurableExecution about an execution: for a call that was started before and waits for it,
// and for the operation of that name (get_execution.cc). Pure. Source: Lambda's API reference.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connector/aws/endpoint.h"
#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/durable/execution_arn.h"
#include "connector/lambda/invoke/invoke_input.h"
#include "connector/lambda/operation_call.h"

namespace connector::lambda {

// Whether that execution is of the call's function and has the call's name. The ARN of a call comes
// from a variable of the process, which anybody may have written.
bool belongs_to(const execution_arn& execution, const invoke_input& input);

// "<base>/2025-12-01/durable-executions/<arn>"
std::string execution_path(const aws::endpoint& where, std::string_view arn);

// The question of a call that waits, about `asked.durable->execution`; `input.durable_name` is its
// name. INVALID_INPUT when that execution has another function or name: the ARN comes from a
// variable of the process.
result<std::unique_ptr<operation_call>> prepare_question(invoke_input input, const call& asked,
                                                         const settings& how);

}  // namespace connector::lambda
