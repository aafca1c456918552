#include "tests/sandbox/lambda/function.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tests/sandbox/lambda/encoding.h"

namespace sandbox {

namespace {

// The service writes "message" for these and "Message" for the rest.
constexpr std::array<std::string_view, 16> lower_case_message = {
    "TooManyRequestsException",
    "ResourceNotReadyException",
    "ResourceConflictException",
    "RequestTooLargeException",
    "SerializedRequestEntityTooLargeException",
    "UnsupportedMediaTypeException",
    "InvalidParameterValueException",
    "InvalidRequestContentException",
    "ValidationException",
    "InvalidSignatureException",
    "UnrecognizedClientException",
    "ExpiredTokenException",
    "MissingAuthenticationTokenException",
    "IncompleteSignatureException",
    "ThrottlingException",
    "UnknownOperationException"};

}  // namespace

std::string_view invocation::header(std::string_view name) const {
  for (const auto& [sent, value] : headers) {
    if (equals_ignoring_case(sent, name)) return value;
  }
  return {};
}

answer json_answer(std::string body) {
  answer out;
  out.body = std::move(body);
  return out;
}

answer service_error(int status, std::string type, std::string_view message) {
  const bool lower = std::find(lower_case_message.begin(), lower_case_message.end(), type) !=
                     lower_case_message.end();
  boost::json::object body;
  body["Type"] = status < 500 ? "User" : "Service";
  body[lower ? "message" : "Message"] = message;
  answer out;
  out.status = status;
  out.body = boost::json::serialize(body);
  out.error_type = std::move(type);
  return out;
}

answer function_failure(std::string_view type, std::string_view message,
                        const std::vector<std::string>& stack_trace) {
  boost::json::object body;
  body["errorType"] = type;
  body["errorMessage"] = message;
  body["stackTrace"] = boost::json::array(stack_trace.begin(), stack_trace.end());
  answer out;
  out.function_error = "Unhandled";
  out.body = boost::json::serialize(body);
  return out;
}

}  // namespace sandbox
