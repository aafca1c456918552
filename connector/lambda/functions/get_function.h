// The operation `get`. Pure. Source: Lambda API reference, GetFunction.
#pragma once

#include <memory>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// `what` without its inputs.
result<std::unique_ptr<operation_call>> prepare_get_function(std::vector<input_value> inputs,
                                                             const call& what, const settings& how);

}  // namespace connector::lambda
