// Stops the durable execution of a call that is not wanted any more. Pure. Source:
// StopDurableExecution and ListDurableExecutionsByFunction in Lambda's API reference.
#pragma once

#include <memory>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/invoke/invoke_input.h"
#include "connector/lambda/operation_call.h"

namespace connector::lambda {

// Stops `asked.durable->execution` if it is one of the call's function, region and name, or looks
// for the running execution of the name `input.durable_name` first. Its answer has one variable:
// stopped, false when none ran.
result<std::unique_ptr<operation_call>> prepare_stop(invoke_input input, const call& asked,
                                                     const settings& how);

}  // namespace connector::lambda
