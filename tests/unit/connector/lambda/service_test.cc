#include "connector/lambda/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <string>

#include "connector/base/json.h"
#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using http::failure_kind;
using http::request_progress;

class InvokeService : public service_fixture {};

TEST_F(InvokeService, SendsOneSignedRequest) {
  client.answers.push_back(answer_with(200, "{\"ok\":1.10}", {{"x-amzn-RequestId", "id-1"}}));
  const auto out = run(orders());
  ASSERT_TRUE(out.answered());
  EXPECT_EQ(out.answered()->variables[2].value, "{\"ok\":1.10}");
  EXPECT_TRUE(out.sent);
  EXPECT_EQ(out.attempts, 1);
  EXPECT_EQ(out.function, "orders");
  EXPECT_EQ(out.region, "us-east-1");
  EXPECT_EQ(out.request_id, "id-1");
  ASSERT_EQ(client.sent.size(), 1U);
  const auto& request = client.sent[0].request;
  EXPECT_EQ(request.to, (http::destination{true, "lambda.us-east-1.amazonaws.com", 443}));
  EXPECT_EQ(request.body, "{\"id\":12345678901234567890}");
  EXPECT_EQ(header(request, "X-Amz-Date"), "20260102T030405Z");
  EXPECT_TRUE(header(request, "Authorization")
                  .starts_with("AWS4-HMAC-SHA256 Credential=AKID1/20260102/us-east-1/lambda/"));
}

TEST_F(InvokeService, SaysWhatTheClientContextHadNoRoomFor) {
  client.answers = {answer_with(200, "1"), answer_with(200, "1")};
  auto asked = with(
      {{"functionName", "\"f\""}, {"clientContext", "{\"a\":\"" + std::string(2640, 'x') + "\"}"}});
  asked.job.element_id = "charge";
  const auto out = run(asked);
  ASSERT_TRUE(out.answered()) << out.failed()->message;
  ASSERT_FALSE(out.answered()->details.empty());
  EXPECT_EQ(out.answered()->details.back().name, "jobContextLeftOut");
  EXPECT_EQ(out.answered()->details.back().value, R"(["retries","elementId"])");
  EXPECT_EQ(out.notes,
            std::vector<std::string>{"clientContext leaves no room for all of custom.job, because "
                                     "Lambda takes 3,583 bytes of base64; left out: retries, "
                                     "elementId"});
  EXPECT_TRUE(run(orders()).notes.empty());
}

TEST_F(InvokeService, EndsOnWrongInputsWithoutSending) {
  const auto out = run(with({{"functionName", "\"orders\""}, {"timeout", "\"soon\""}}));
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::invalid_input);
  EXPECT_FALSE(out.sent);
  EXPECT_EQ(out.attempts, 0);
  EXPECT_TRUE(client.sent.empty());
  EXPECT_TRUE(credentials.asked.empty());
}

TEST_F(InvokeService, ChecksWithoutSending) {
  const auto tested = make_service(how, client, credentials);
  EXPECT_TRUE(tested->check(orders()));
  const auto wrong = tested->check(with({{"functionName", "\"a/b\""}}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, error_code::invalid_input);
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(InvokeService, NeedsARegionFromSomewhere) {
  how.region = "";
  const auto none = run(orders());
  ASSERT_TRUE(none.failed());
  EXPECT_EQ(none.failed()->code, error_code::missing_input);
  client.answers.push_back(answer_with(200, "1"));
  const auto out =
      run(with({{"functionName", "\"arn:aws-cn:lambda:cn-north-1:123456789012:function:f\""}}));
  EXPECT_TRUE(out.answered());
  EXPECT_EQ(out.region, "cn-north-1");
  EXPECT_EQ(client.sent[0].request.to.host, "lambda.cn-north-1.amazonaws.com.cn");
  EXPECT_NE(header(client.sent[0].request, "Authorization").find("/cn-north-1/lambda/"),
            std::string::npos);
}

TEST_F(InvokeService, CallsTheConfiguredEndpoint) {
  how.endpoint_of = [](std::string_view) {
    return aws::endpoint{{false, "localhost", 4566}, "/base", ""};
  };
  client.answers.push_back(answer_with(200, "1"));
  run(orders());
  EXPECT_EQ(client.sent[0].request.to, (http::destination{false, "localhost", 4566}));
  EXPECT_TRUE(client.sent[0].request.target.starts_with("/base/2015-03-31/functions/orders/"));
}

TEST_F(InvokeService, AsksForNoLogWhenTheOperatorForbids) {
  how.log_tail = false;
  client.answers.push_back(answer_with(200, "1"));
  run(orders());
  EXPECT_EQ(header(client.sent[0].request, "X-Amz-Log-Type"), "(none)");
}

TEST_F(InvokeService, CallsAsTheTaskWants) {
  client.answers.push_back(answer_with(200, "1"));
  run(with(
      {{"functionName", "\"f\""},
       {"authentication", R"({"type":"static","accessKeyId":"TASK","secretAccessKey":"s"})"}}));
  ASSERT_EQ(credentials.asked.size(), 1U);
  EXPECT_EQ(credentials.asked[0].from, aws::identity::kind::keys);
  EXPECT_EQ(credentials.asked[0].access_key_id, "TASK");
  EXPECT_EQ(credentials.asked[0].region, "us-east-1");
}

TEST_F(InvokeService, TriesAgainWhatDidNotRun) {
  client.answers.push_back(
      answer_with(429, "", {{"x-amzn-ErrorType", "TooManyRequestsException"}}));
  client.answers.push_back(break_with(failure_kind::connect, request_progress::nothing_sent));
  client.answers.push_back(answer_with(200, "1"));
  const auto out = run(orders());
  EXPECT_TRUE(out.answered());
  EXPECT_EQ(out.attempts, 3);
  ASSERT_EQ(client.sent.size(), 3U);
  // Each attempt sends the whole request and signs it again.
  for (const auto& attempt : client.sent) {
    EXPECT_EQ(attempt.request.body, "{\"id\":12345678901234567890}");
  }
  EXPECT_NE(header(client.sent[0].request, "Authorization"),
            header(client.sent[2].request, "Authorization"));
}

TEST_F(InvokeService, NeverSendsAgainWhatMayHaveRun) {
  const http::result<http::response> ambiguous[] = {
      answer_with(500, "", {{"x-amzn-ErrorType", "ServiceException"}}),
      answer_with(502, "<html>"),
      answer_with(503, ""),
      answer_with(504, ""),
      break_with(failure_kind::read, request_progress::sent),
      break_with(failure_kind::timeout, request_progress::sent),
      break_with(failure_kind::malformed, request_progress::sent),
  };
  for (const auto& last : ambiguous) {
    client.sent.clear();
    client.answers = {last, answer_with(200, "1")};
    const auto out = run(orders());
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::ambiguous);
    EXPECT_EQ(out.failed()->failure, failure_class::ambiguous);
    EXPECT_TRUE(out.sent);
    EXPECT_EQ(client.sent.size(), 1U);
  }
}

TEST_F(InvokeService, EndsOnARefusal) {
  client.answers = {answer_with(404, R"({"Message":"Function not found: x"})",
                                {{"x-amzn-ErrorType", "ResourceNotFoundException"},
                                 {"x-amzn-RequestId", "id-9"}}),
                    answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::not_found);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
  EXPECT_EQ(out.failed()->http_status, 404);
  EXPECT_EQ(out.request_id, "id-9");
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeService, GivesUpAfterFourAttempts) {
  const auto out = run(orders());  // nothing scripted: no connection
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::connection_error);
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
  EXPECT_EQ(out.failed()->attempts, 4);
  EXPECT_EQ(out.attempts, 4);
  EXPECT_FALSE(out.sent);
  EXPECT_EQ(client.sent.size(), 4U);
}

TEST_F(InvokeService, StopsWhenTheCallsTimeIsOver) {
  how.random = [] { return 0.5; };
  client.on_send = [this] { now += 30min + 30s; };
  const auto out = run(orders());
  EXPECT_EQ(out.attempts, 1);
  EXPECT_EQ(out.call_time, 30min + 30s);
}

TEST_F(InvokeService, GivesTheClientTheBoundsOfTheCall) {
  how.response_limit = 123;
  client.answers = {answer_with(200, "1"), answer_with(200, "1"), answer_with(200, "1")};
  auto shorter = with({{"functionName", "\"f\""}, {"timeout", "\"PT10S\""}});
  shorter.end = now + 1h;
  run(shorter);
  auto longer = orders();
  longer.end = now + 5s;
  run(longer);
  run(orders());
  EXPECT_EQ(client.sent[0].bounds.end, now + 10s);
  EXPECT_EQ(client.sent[1].bounds.end, now + 5s);
  EXPECT_EQ(client.sent[2].bounds.end, now + 30min + 30s);
  EXPECT_EQ(client.sent[0].bounds.body_bytes, 123U);
}

TEST_F(InvokeService, AsksBeforeEveryAttempt) {
  int counted = 0;
  auto asked = orders();
  asked.may_send = [&counted] { return ++counted < 3; };
  const auto out = run(asked);
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(counted, 3);
  EXPECT_EQ(client.sent.size(), 2U);
  EXPECT_EQ(out.failed()->code, error_code::cancelled);
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
}

TEST_F(InvokeService, SendsNothingForAJobThatIsGone) {
  auto asked = orders();
  asked.may_send = [] { return false; };
  const auto out = run(asked);
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
  EXPECT_FALSE(out.sent);
  EXPECT_EQ(out.attempts, 0);
  EXPECT_TRUE(client.sent.empty());
}

}  // namespace
}  // namespace connector::lambda
