// Keys that a service calls expired or unknown, and keys that cannot be had.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;

class InvokeCredentials : public service_fixture {};

TEST_F(InvokeCredentials, RefreshesExpiredCredentialsOnce) {
  const auto expired = answer_with(403, "", {{"x-amzn-ErrorType", "ExpiredTokenException"}});
  credentials.renews = true;
  client.answers = {expired, answer_with(200, "1")};
  EXPECT_TRUE(run(orders()).answered());
  EXPECT_EQ(credentials.expired_keys, std::vector<std::string>{"AKID1"});
  EXPECT_NE(header(client.sent[1].request, "Authorization").find("AKID1x/"), std::string::npos);

  client.answers = {expired, expired, answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::credentials_error);
  EXPECT_EQ(out.attempts, 2);
}

TEST_F(InvokeCredentials, DoesNotAskTwiceWithTheSameExpiredKey) {
  client.answers = {answer_with(403, "", {{"x-amzn-ErrorType", "ExpiredTokenException"}}),
                    answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::credentials_error);
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeCredentials, AsksForOtherKeysOnceWhenTheyAreUnknown) {
  const auto revoked = answer_with(403, "", {{"x-amzn-ErrorType", "UnrecognizedClientException"}});
  credentials.renews = true;
  client.answers = {revoked, answer_with(200, "1")};
  EXPECT_TRUE(run(orders()).answered());
  EXPECT_EQ(credentials.expired_keys, std::vector<std::string>{"AKID1"});

  client.answers = {revoked, revoked, answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::unauthorized);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
  EXPECT_EQ(out.attempts, 2);
}

TEST_F(InvokeCredentials, UnknownKeysStayUnauthorizedWhenThereAreNoOthers) {
  client.answers = {answer_with(403, "", {{"x-amzn-ErrorType", "UnrecognizedClientException"}}),
                    answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::unauthorized);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeCredentials, SaysThatThereAreNoCredentials) {
  error none;
  none.code = error_code::credentials_error;
  none.failure = failure_class::not_started;
  none.message = "The worker has none.";
  credentials.failure = none;
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::credentials_error);
  EXPECT_EQ(out.failed()->message,
            "Calling function \"orders\" in us-east-1 did not start it: The worker has none.");
  EXPECT_TRUE(client.sent.empty());
}

}  // namespace
}  // namespace connector::lambda
