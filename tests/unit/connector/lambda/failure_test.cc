// What failed attempts mean, and the sentences that people read about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "connector/lambda/attempt_failure.h"

namespace connector::lambda {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr circumstances usual{};
const call_description url{"https://x.lambda-url.eu-central-1.on.aws/",
                           "eu-central-1",
                           1,
                           operation_id::invoke,
                           true,
                           true};
const call_description orders{"orders:PROD", "eu-central-1", 2};

aws::service_failure answered(int status, std::string name, std::string message) {
  aws::service_failure out;
  out.status = status;
  out.name = std::move(name);
  out.message = std::move(message);
  out.request_id = "8476a536-e9f4";
  return out;
}

TEST(FailedAnswer, SaysWhatWhereWhyAndWhatToDo) {
  EXPECT_EQ(failed_answer(answered(404, "ResourceNotFoundException",
                                   "Function not found: arn:aws:lambda:eu-central-1:1:function:o"),
                          orders, usual)
                .message,
            "Calling function \"orders:PROD\" in eu-central-1 was refused: "
            "ResourceNotFoundException (HTTP 404): Function not found: "
            "arn:aws:lambda:eu-central-1:1:function:o. Check the function's name, qualifier, "
            "region and account. Request id 8476a536-e9f4. Attempts: 2.");
}

TEST(FailedAnswer, OfAnotherRegionSaysSoAndNotThatTheKeysAreWrong) {
  const auto e =
      failed_answer(answered(403, "InvalidSignatureException",
                             "Credential should be scoped to a valid region, not 'eu-central1'."),
                    orders, usual);
  EXPECT_EQ(e.code, error_code::unauthorized);
  EXPECT_THAT(e.message, AllOf(HasSubstr("Check the region of the task, or AWS_REGION"),
                               Not(HasSubstr("secret"))));
}

TEST(FailedAnswer, NamesTheReasonOfThrottling) {
  auto throttled = answered(429, "TooManyRequestsException", "Rate Exceeded.");
  throttled.reason = "ReservedFunctionConcurrentInvocationLimitExceeded";
  throttled.retry_after = std::chrono::seconds(3);
  const auto e = failed_answer(throttled, orders, usual);
  EXPECT_EQ(
      e.message,
      "Calling function \"orders:PROD\" in eu-central-1 was throttled: "
      "TooManyRequestsException (HTTP 429), reason "
      "ReservedFunctionConcurrentInvocationLimitExceeded: Rate Exceeded. The function or "
      "the account has reached a limit of load: raise the function's concurrency, or let fewer "
      "tasks call it at a time; the header retryBackoff spreads the retries. Request id "
      "8476a536-e9f4. Attempts: 2.");
  EXPECT_EQ(e.code, error_code::too_many_requests);
  EXPECT_EQ(e.failure, failure_class::throttled);
  EXPECT_EQ(e.http_status, 429);
  EXPECT_EQ(e.aws_error, "TooManyRequestsException");
  EXPECT_EQ(e.request_id, "8476a536-e9f4");
  EXPECT_EQ(e.retry_after, std::chrono::seconds(3));
  EXPECT_EQ(e.attempts, 2);
}

TEST(FailedAnswer, SaysThatTheFunctionMayHaveRun) {
  const auto e = failed_answer(answered(503, "", "503 Service Unavailable"), orders, usual);
  EXPECT_EQ(e.code, error_code::ambiguous);
  EXPECT_EQ(e.failure, failure_class::ambiguous);
  EXPECT_EQ(e.message,
            "Calling function \"orders:PROD\" in eu-central-1 failed and may have run it: HTTP "
            "503: 503 Service Unavailable. Look at the function's log. Request id 8476a536-e9f4. "
            "Attempts: 2.");
}

TEST(FailedAnswer, SaysThatItDidNotStart) {
  EXPECT_EQ(failed_answer(answered(409, "ResourceConflictException", ""), orders, usual).message,
            "Calling function \"orders:PROD\" in eu-central-1 did not start it: "
            "ResourceConflictException (HTTP 409). The function is being created or changed just "
            "now. Request id 8476a536-e9f4. Attempts: 2.");
}

// This error's own text quotes the request's body.
TEST(FailedAnswer, DoesNotRepeatThePayload) {
  const auto e = failed_answer(answered(400, "InvalidRequestContentException",
                                        "Unrecognized token 'hunter2': was expecting"),
                               orders, usual);
  EXPECT_EQ(e.message.find("hunter2"), std::string::npos) << e.message;
}

TEST(FailedAnswer, OfADryRunIsNeverAmbiguous) {
  const auto e = failed_answer(answered(500, "ServiceException", "x"), orders, {side_effect::none});
  EXPECT_EQ(e.failure, failure_class::not_started);
  EXPECT_EQ(e.code, error_code::internal_server_error);
}

struct said {
  int status;
  const char* name;
  const char* code;
  const char* failure;
  bool may_have_run;
};

void expect(const said& row, const call_description& call, const circumstances& how) {
  const auto e = failed_answer(answered(row.status, row.name, "said so"), call, how);
  EXPECT_EQ(name_of(e.code), row.code) << row.status << ' ' << row.name;
  EXPECT_EQ(name_of(e.failure), row.failure) << row.status << ' ' << row.name;
  EXPECT_EQ(may_have_run(e, call, how), row.may_have_run) << row.status << ' ' << row.name;
}

// The function itself may have written any of them.
TEST(FailedAnswer, OfAFunctionUrlProvesNothing) {
  const said table[] = {
      {429, "", "AMBIGUOUS", "ambiguous", true},
      {429, "MyOwnQuotaException", "AMBIGUOUS", "ambiguous", true},
      {429, "ENILimitReachedException", "AMBIGUOUS", "ambiguous", true},
      {429, "TooManyRequestsException", "TOO_MANY_REQUESTS", "throttled", false},
      {500, "", "AMBIGUOUS", "ambiguous", true},
      {501, "", "AMBIGUOUS", "ambiguous", true},
      {502, "EC2AccessDeniedException", "AMBIGUOUS", "ambiguous", true},
      {503, "ThrottlingException", "AMBIGUOUS", "ambiguous", true},
      {400, "ThrottlingException", "BAD_REQUEST", "permanent", true},
      {403, "", "FORBIDDEN", "permanent", true},
      {403, "AccessDeniedException", "FORBIDDEN", "permanent", true},
      {403, "ExpiredTokenException", "FORBIDDEN", "permanent", true},
      {403, "RequestExpired", "FORBIDDEN", "permanent", true},
      {404, "ServiceException", "NOT_FOUND", "permanent", true},
      {408, "RequestTimeoutException", "REQUEST_TIMEOUT", "permanent", true},
      {409, "ResourceConflictException", "CONFLICT", "permanent", true},
  };
  for (const auto& row : table) expect(row, url, {});
  // With atMostOnce not even the name of a throttle counts.
  for (auto row : table) {
    if (row.status == 429) row = {429, row.name, "AMBIGUOUS", "ambiguous", true};
    expect(row, url, {side_effect::possible, true});
  }
}

TEST(FailedAnswer, ToARequestThatWasNeverCompleteMeansThatNothingRan) {
  const said table[] = {
      {429, "", "TOO_MANY_REQUESTS", "throttled", false},
      {503, "", "SERVICE_UNAVAILABLE", "not started", false},
      {413, "", "REQUEST_TOO_LARGE", "permanent", false},
  };
  for (const auto& row : table) {
    expect(row, url, {side_effect::possible, true, false});
    expect(row, orders, {side_effect::possible, true, false});
  }
}

TEST(FailedAnswer, OfLambdaIsBelievedWhenAtMostOnceIsAskedForOnlyWithANameOfItsOwn) {
  const circumstances at_most_once{side_effect::possible, true};
  expect({429, "TooManyRequestsException", "TOO_MANY_REQUESTS", "throttled", false}, orders,
         at_most_once);
  expect({404, "ResourceNotFoundException", "NOT_FOUND", "permanent", false}, orders, at_most_once);
  // Anything on the way may have said these.
  expect({429, "", "AMBIGUOUS", "ambiguous", true}, orders, at_most_once);
  expect({407, "", "UNKNOWN_ERROR", "permanent", true}, orders, at_most_once);
  expect({404, "", "NOT_FOUND", "permanent", true}, orders, at_most_once);
  expect({404, "NoSuchBucket", "NOT_FOUND", "permanent", true}, orders, at_most_once);
  // Without it a second call is what the model allows.
  expect({429, "", "TOO_MANY_REQUESTS", "throttled", false}, orders, {});
}

TEST(FailedAnswer, OfAHostThatTheTaskNamedIsNotBelievedWhenAtMostOnceIsAskedFor) {
  auto elsewhere = orders;
  elsewhere.host_of_task = true;
  const circumstances at_most_once{side_effect::possible, true};
  expect({429, "TooManyRequestsException", "AMBIGUOUS", "ambiguous", true}, elsewhere,
         at_most_once);
  expect({409, "ResourceConflictException", "AMBIGUOUS", "ambiguous", true}, elsewhere,
         at_most_once);
  expect({404, "ResourceNotFoundException", "NOT_FOUND", "permanent", true}, elsewhere,
         at_most_once);
  expect({429, "TooManyRequestsException", "TOO_MANY_REQUESTS", "throttled", false}, elsewhere, {});
}

TEST(FailedAnswer, OfAFunctionUrlSaysWhoseItIs) {
  EXPECT_EQ(
      failed_answer(answered(429, "", "over the quota"), url, {}).message,
      "Calling function \"https://x.lambda-url.eu-central-1.on.aws/\" in eu-central-1 failed "
      "and may have run it: HTTP 429 (a function URL's answer is the function's own): over the "
      "quota. Look at the function's log. Request id 8476a536-e9f4. Attempts: 1.");
}

TEST(FailureText, BoundsTheFunctionsName) {
  const std::string name(100'000, 'f');
  EXPECT_LT(not_tried_text({name, "us-east-1", 0}, "why").size(), 400U);
}

}  // namespace
}  // namespace connector::lambda
