#include "worker/dropin/error_object.h"

#include <gtest/gtest.h>

namespace worker::dropin {
namespace {

using connector::error;
using connector::error_code;

error answer(int status, std::string name, std::string message, int attempts = 1) {
  error e;
  e.http_status = status;
  e.aws_error = std::move(name);
  e.aws_message = std::move(message);
  e.request_id = "req-1";
  e.attempts = attempts;
  e.message = "For the person in Operate.";
  return e;
}

// What the SDK (2.48.3) gave for these answers of a server.
TEST(DropInError, AnswersAreTheExceptionsOfTheSdk) {
  const std::string model = "software.amazon.awssdk.services.lambda.model.";
  const struct {
    error given;
    const char* type;
    const char* message;
  } rows[] = {
      {answer(404, "ResourceNotFoundException", "Function not found: arn:x"),
       "ResourceNotFoundException",
       "Function not found: arn:x (Service: Lambda, Status Code: 404, Request ID: req-1) (SDK "
       "Attempt Count: 1)"},
      {answer(403, "AccessDeniedException", "User is not authorized"), "LambdaException",
       "User is not authorized (Service: Lambda, Status Code: 403, Request ID: req-1) (SDK Attempt "
       "Count: 1)"},
      {answer(429, "TooManyRequestsException", "Rate Exceeded.", 4), "TooManyRequestsException",
       "Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: req-1) (SDK Attempt Count: "
       "4)"},
      {answer(400, "ThrottlingException", "Rate exceeded", 4), "LambdaException",
       "Rate exceeded (Service: Lambda, Status Code: 400, Request ID: req-1) (SDK Attempt Count: "
       "4)"},
      {answer(503, "", ""), "LambdaException",
       "Service returned HTTP status code 503 (Service: Lambda, Status Code: 503, Request ID: "
       "req-1) (SDK Attempt Count: 1)"},
      {answer(502, "EC2AccessDeniedException", "no"), "Ec2AccessDeniedException",
       "no (Service: Lambda, Status Code: 502, Request ID: req-1) (SDK Attempt Count: 1)"},
      {answer(502, "InvalidSecurityGroupIDException", "no"), "InvalidSecurityGroupIdException",
       "no (Service: Lambda, Status Code: 502, Request ID: req-1) (SDK Attempt Count: 1)"},
      {answer(410, "EFSIOException", "no"), "EfsioException",
       "no (Service: Lambda, Status Code: 410, Request ID: req-1) (SDK Attempt Count: 1)"},
  };
  for (const auto& row : rows) {
    const auto told = as_runtime_error(row.given);
    EXPECT_EQ(told.type, model + row.type);
    EXPECT_EQ(told.message, row.message);
  }
}

TEST(DropInError, WhatNeverReachedLambdaHasTheNamesThatPeopleMatch) {
  const struct {
    error_code code;
    const char* type;
  } rows[] = {
      {error_code::missing_input, "io.camunda.connector.api.error.ConnectorInputException"},
      {error_code::invalid_input, "io.camunda.connector.api.error.ConnectorInputException"},
      {error_code::secret_error, "io.camunda.connector.api.error.ConnectorInputException"},
      {error_code::response_too_large, "io.camunda.connector.api.error.ConnectorInputException"},
      {error_code::forbidden, "io.camunda.connector.api.error.ConnectorInputException"},
      {error_code::connection_error, "software.amazon.awssdk.core.exception.SdkClientException"},
      {error_code::timeout, "software.amazon.awssdk.core.exception.SdkClientException"},
      {error_code::ambiguous, "software.amazon.awssdk.core.exception.SdkClientException"},
      {error_code::credentials_error, "software.amazon.awssdk.core.exception.SdkClientException"},
      {error_code::unknown_error, "java.lang.RuntimeException"},
  };
  for (const auto& row : rows) {
    error e;
    e.code = row.code;
    e.message = "what happened";
    const auto told = as_runtime_error(e);
    EXPECT_EQ(told.type, row.type) << name_of(row.code);
    EXPECT_TRUE(told.message.ends_with("what happened")) << told.message;
  }
}

TEST(DropInError, ObjectIsJsonOfBoundedLength) {
  error e;
  e.code = error_code::invalid_input;
  e.message = "say \"hi\"";
  EXPECT_EQ(error_object(e), R"({"type":"io.camunda.connector.api.error.ConnectorInputException",)"
                             R"("message":"say \"hi\""})");
  e.message = std::string(5999, 'x') + "\xC3\xA9";
  EXPECT_EQ(as_runtime_error(e).message, std::string(5999, 'x'));
}

}  // namespace
}  // namespace worker::dropin
