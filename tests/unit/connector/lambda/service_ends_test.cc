// Calls that end without a usable answer: too large, cancelled, out of time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "connector/guard.h"
#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using http::failure_kind;
using http::request_progress;

class InvokeServiceEnds : public service_fixture {};

TEST_F(InvokeServiceEnds, RefusesAnAnswerThatTheEngineWouldNotTake) {
  client.answers = {answer_with(200, std::string(2000, '[') + std::string(2000, ']'),
                                {{"x-amzn-RequestId", "id-1"}}),
                    answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::response_refused);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
  EXPECT_EQ(out.failed()->http_status, 200);
  EXPECT_EQ(out.failed()->message,
            "Calling function \"orders\" in us-east-1 ran it, but the engine would not take the "
            "function's answer: nested too deep at byte 500 of 4000. The function ran; change what "
            "it returns, or let it return such a value as a string. Request id id-1. Attempts: 1.");
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeServiceEnds, SaysThatAnAnswerIsTooLarge) {
  client.answers = {break_with(failure_kind::too_large, request_progress::sent),
                    answer_with(200, "1")};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::response_too_large);
  EXPECT_EQ(client.sent.size(), 1U);
}

http::failure without_its_body(failure_kind kind, int status, http::headers fields) {
  http::response head;
  head.status = status;
  head.fields = std::move(fields);
  return {kind, request_progress::sent, "the body is larger than the limit",
          std::make_shared<const http::response>(std::move(head))};
}

// Lambda's refusal proves that nothing ran, however the answer's body ends.
TEST_F(InvokeServiceEnds, AThrottleIsOneWithoutItsBodyToo) {
  const http::headers named = {{"x-amzn-ErrorType", "TooManyRequestsException"},
                               {"x-amzn-RequestId", "id-1"}};
  for (const auto kind : {failure_kind::too_large, failure_kind::header_limit, failure_kind::read,
                          failure_kind::timeout}) {
    client.sent.clear();
    for (int i = 0; i < 4; ++i) client.answers.push_back(without_its_body(kind, 429, named));
    const auto out = run(orders());
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::too_many_requests);
    EXPECT_EQ(out.failed()->failure, failure_class::throttled);
    EXPECT_EQ(out.request_id, "id-1");
    EXPECT_FALSE(out.may_have_run);
    EXPECT_THAT(out.failed()->message,
                testing::StartsWith(
                    "Calling function \"orders\" in us-east-1 was throttled: "
                    "TooManyRequestsException (HTTP 429): the answer's body could not be read "
                    "(the body is larger than the limit)."));
    EXPECT_EQ(client.sent.size(), 4U);
  }
  client.answers = {without_its_body(failure_kind::too_large, 429, named), answer_with(200, "1")};
  EXPECT_TRUE(run(orders()).answered());
}

// The status page shows it. A task may take both from secrets.
TEST_F(InvokeServiceEnds, AThrottledFunctionIsShownWithoutSecrets) {
  how.mask = [](std::string text) {
    return text == "orders" || text == "us-east-1" ? "***" : text;
  };
  for (int i = 0; i < 4; ++i) client.answers.push_back(answer_with(429, ""));
  EXPECT_EQ(run(orders()).failed()->code, error_code::too_many_requests);
  ASSERT_EQ(throttled.size(), 1U);
  EXPECT_EQ(throttled.front().function, "***");
  EXPECT_EQ(throttled.front().region, "***");
}

TEST_F(InvokeServiceEnds, ARefusalForGoodIsOneWithoutItsBodyToo) {
  client.answers = {without_its_body(failure_kind::too_large, 404,
                                     {{"x-amzn-ErrorType", "ResourceNotFoundException"}})};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::not_found);
  EXPECT_FALSE(out.may_have_run);
}

// A 503 without a name proves nothing, so that the function ran must not be said either.
TEST_F(InvokeServiceEnds, AStatusThatProvesNothingLeavesTheOutcomeUnknown) {
  for (const auto kind : {failure_kind::too_large, failure_kind::read}) {
    client.sent.clear();
    client.answers = {without_its_body(kind, 503, {}), answer_with(200, "1")};
    const auto out = run(orders());
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::ambiguous);
    EXPECT_TRUE(out.may_have_run);
    EXPECT_THAT(out.failed()->message, testing::HasSubstr("failed and may have run it"));
    EXPECT_EQ(client.sent.size(), 1U);
  }
}

// The function itself may have written them.
TEST_F(InvokeServiceEnds, TheStatusOfAFunctionUrlProvesNothing) {
  auto lists = std::make_shared<guard>();
  lists->hosts.push_back(std::make_shared<const allow_list>(std::get<allow_list>(allow_list::make(
      allow_list::about::hosts, "ALLOWED_HOSTS", {"abc1.lambda-url.us-east-1.on.aws"}))));
  const auto of_url = [&lists] {
    auto asked = with({{"functionName", "\"https://abc1.lambda-url.us-east-1.on.aws/\""}});
    asked.allowed = lists;
    return asked;
  };
  client.answers = {without_its_body(failure_kind::too_large, 429, {}), answer_with(200, "1")};
  const auto nameless = run(of_url());
  ASSERT_TRUE(nameless.failed());
  EXPECT_EQ(nameless.failed()->code, error_code::ambiguous);
  EXPECT_TRUE(nameless.may_have_run);
  EXPECT_EQ(client.sent.size(), 1U);

  client.sent.clear();
  client.answers = {without_its_body(failure_kind::too_large, 429,
                                     {{"x-amzn-ErrorType", "TooManyRequestsException"}}),
                    answer_with(200, "1")};
  auto at_most_once = of_url();
  at_most_once.at_most_once = true;
  const auto named = run(at_most_once);
  ASSERT_TRUE(named.failed());
  EXPECT_EQ(named.failed()->code, error_code::ambiguous);
  EXPECT_TRUE(named.may_have_run);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeServiceEnds, AnAnswerThatIsTooLargeSaysThatTheFunctionRan) {
  client.answers = {without_its_body(failure_kind::too_large, 200, {})};
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::response_too_large);
  EXPECT_TRUE(out.may_have_run);
}

TEST_F(InvokeServiceEnds, EndsACancelledCallWithWhatIsKnown) {
  client.hang = true;
  client.on_send = [this] {
    asio::post(loop, [this] { cancel.emit(asio::cancellation_type::terminal); });
  };
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::ambiguous);
  EXPECT_TRUE(out.sent);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(InvokeServiceEnds, NamesTheBoundThatWasOver) {
  const auto run_out_of = [this](std::vector<input_value> inputs, std::chrono::seconds header) {
    client.answers = {
        http::failure{failure_kind::timeout, request_progress::sent, "time was over"}};
    client.on_send = [this] { now += std::chrono::hours(1); };
    auto asked = with(std::move(inputs));
    asked.inputs.push_back({"functionName", "\"orders\""});
    asked.end = now + (header.count() > 0 ? header : std::chrono::minutes(31));
    asked.job_timeout = header;
    return run(std::move(asked)).failed()->message;
  };
  using std::chrono::seconds;
  using testing::HasSubstr;
  EXPECT_THAT(run_out_of({}, seconds(90)), HasSubstr("; the header jobTimeout is 90 s."));
  EXPECT_THAT(run_out_of({{"timeout", "\"PT7S\""}}, seconds(90)),
              HasSubstr("; the input timeout is 7 s."));
  EXPECT_THAT(run_out_of({}, seconds(0)),
              HasSubstr("; the input timeout, which the task does not set, is 30 min 30 s."));
  // A step's own limit does not count as one of these.
  client.on_send = {};
  client.answers = {http::failure{failure_kind::timeout, request_progress::sent, "time was over"}};
  EXPECT_THAT(run(orders()).failed()->message, HasSubstr("time was over. Look"));
}

TEST_F(InvokeServiceEnds, DoesNotGoOnWhenCancelledBetweenAttempts) {
  how.random = [] { return 0.99; };
  client.answers = {answer_with(429, ""), answer_with(200, "1")};
  client.on_send = [this] {
    asio::post(loop, [this] { cancel.emit(asio::cancellation_type::terminal); });
  };
  const auto out = run(orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::too_many_requests);
  EXPECT_EQ(client.sent.size(), 1U);
}

}  // namespace
}  // namespace connector::lambda
