// The operation `invoke`: calls a function by its name, ARN or function URL. Pure. Source: Lambda
// API reference, Invoke.
#pragma once

#include <memory>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// `what` without its inputs, which may have been moved into `inputs`.
result<std::unique_ptr<operation_call>> prepare_invoke(std::vector<input_value> inputs,
                                                       const call& what, const settings& how);

}  // namespace connector::lambda
