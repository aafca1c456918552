// The common parts of the calls that ask Lambda's own API about functions. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/error.h"
#include "connector/connector.h"
#include "connector/lambda/common_inputs.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// SERVICE_ERROR for an accepted answer that is not what the operation gives; a clause.
error not_that_answer(std::string_view why);

// INVALID_INPUT for authentication of type none.
error unsigned_api_call();

// A request without a body to the endpoint.
http::request api_request(std::string method, const aws::endpoint& where, std::string target,
                          const settings& how);

// Aims `made` at the function that the inputs name: functionName and qualifier, frame, the
// operator's list; its request is `method` on the function's own path.
result<void> aim_at_function(operation_call& made, std::string method,
                             std::vector<input_value> inputs, const call& asked,
                             const settings& how);

}  // namespace connector::lambda
