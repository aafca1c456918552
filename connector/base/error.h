// What went wrong, as a value: the contract's code, what may be done next, and a text for people.
// Lives in base because every room speaks it. Plain data, any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace connector {

// The closed list of codes that a process may see (job message, variable `error`, BPMN error).
enum class error_code {
  missing_input,
  invalid_input,
  service_error,
  invalid_request,
  request_too_large,
  unknown_error,
  bad_request,
  unauthorized,
  forbidden,
  not_found,
  method_not_allowed,
  not_acceptable,
  request_timeout,
  conflict,
  gone,
  unprocessable_entity,
  locked,
  failed_dependency,
  internal_server_error,
  not_implemented,
  bad_gateway,
  service_unavailable,
  gateway_timeout,
  too_many_requests,
  timeout,
  ambiguous,
  function_error,
  connection_error,
  credentials_error,
  secret_error,
  response_too_large,
  response_refused,
  expression_error,
  cancelled,
};

// "NOT_FOUND" and so on: the spelling of the contract.
std::string_view name_of(error_code code);

// What the failure says about the call, and so what may be done next.
enum class failure_class {
  not_started,  // nothing ran: may be sent again
  throttled,    // nothing ran because of load: may be sent again, slower
  permanent,    // refused for good: sending it again gives the same answer
  ambiguous,    // it may have run: only the process may decide
};

std::string_view name_of(failure_class failure);

struct error {
  error_code code = error_code::unknown_error;
  failure_class failure = failure_class::permanent;
  // For the person in Operate: what failed, on what, what to do. Never a secret, never a payload.
  std::string message;
  // Facts of the answer, when there was one.
  int http_status = 0;
  std::string aws_error;    // name such as ResourceNotFoundException
  std::string aws_message;  // what the service says, one line; may be empty
  std::string request_id;   // x-amzn-RequestId
  std::chrono::milliseconds retry_after{0};
  int attempts = 0;  // how often it was sent or tried; 0: never got so far
};

// Short makers for the two kinds that most rooms produce.
error bad_input(std::string message);
error missing_input(std::string message);

}  // namespace connector
