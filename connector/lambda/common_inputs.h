// The inputs that every operation has: where, as whom, for how long; and whether the
// operator lets the job go there. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "connector/aws/credentials/credentials.h"
#include "connector/aws/endpoint.h"
#include "connector/connector.h"
#include "connector/lambda/function_name.h"
#include "connector/lambda/input_reader.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// Of operations that only ask the service for something.
inline constexpr std::chrono::minutes default_api_timeout{1};
// A bound and not a wait: a shorter one would call a function AMBIGUOUS that still runs.
inline constexpr std::chrono::milliseconds default_timeout = longest_call;

struct common_inputs {
  std::string region;                     // of the input; empty: the function's or the worker's
  std::optional<aws::endpoint> endpoint;  // of the input
  std::chrono::milliseconds timeout = default_timeout;
  bool timeout_given = false;
  aws::identity who;
};

// The inputs region, endpoint, timeout and authentication.
common_inputs read_frame(input_reader& in, std::chrono::milliseconds timeout_if_none);

// The input functionName with qualifier, and an error when they contradict each other or the
// region.
struct named_function {
  std::string text;              // as given; goes into the path unchanged
  function_reference reference;  // its parts
  std::string qualifier;         // of the input of that name; empty: none, or within the name
};
named_function read_function(input_reader& in, std::string text, const common_inputs& frame);

// Puts region, identity and time into `made`, and gives the endpoint that its request goes to.
// `made.function` is there for messages. `region_of_name`: what the function's name says, or empty.
// INVALID_INPUT, MISSING_INPUT, or FORBIDDEN when the operator did not allow the endpoint's host,
// the profile or the role.
result<aws::endpoint> resolve_target(operation_call& made, common_inputs frame,
                                     const std::string& region_of_name, const call& asked,
                                     const settings& how);

// The function as guards and limits know it. `region`: of the call.
guarded_function guarded(const named_function& function, const std::string& region);
// FORBIDDEN when the operator did not allow the function.
result<void> check_allowed(const named_function& function, const std::string& region,
                           const call& asked);
// Both at once, for a request that is about this function.
result<aws::endpoint> resolve_function(operation_call& made, common_inputs frame,
                                       const named_function& function, const call& asked,
                                       const settings& how);
// FORBIDDEN when the operator did not allow job data to name this host. `noun` says which input has
// it; `function` is the function that is called there, for the message.
result<void> check_allowed(const http::destination& to, std::string_view noun, const call& asked,
                           std::string_view function);

// "/2015-03-31/functions/<name>" below the endpoint's own path, and the rest of the path.
std::string function_path(const aws::endpoint& where, std::string_view function);

}  // namespace connector::lambda
