// What the attempt loop does with clocks, budgets and limits; the rules themselves are tested in
// files of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <vector>

#include "connector/lambda/service.h"
#include "tests/unit/connector/lambda/scripted_client.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;

http::result<http::response> skewed(const std::string& date) {
  return answer_with(403, R"({"message":"Signature expired: 20260102T030404Z is now earlier"})",
                     {{"x-amzn-ErrorType", "InvalidSignatureException"}, {"Date", date}});
}

class RetryLoop : public testing::Test {
 protected:
  RetryLoop() {
    how.region = "us-east-1";
    how.random = [] { return 0.0; };
    how.wall_time = [this] { return wall; };
    how.concurrency.rest = {1ms, 1ms};
  }

  outcome run(const std::string& function = "orders") {
    if (!tested) tested = make_service(how, client, credentials);
    call asked;
    asked.inputs = {{"functionName", '"' + function + '"'}};
    asked.end = boot_clock::now() + 20s;
    std::optional<outcome> out;
    auto running = tested->run(std::move(asked));
    asio::co_spawn(loop, std::move(running), [&](std::exception_ptr bug, outcome value) {
      EXPECT_FALSE(bug);
      out = std::move(value);
    });
    loop.restart();
    loop.run_for(30s);
    EXPECT_TRUE(out) << "the call has no end";
    return out ? *std::move(out) : outcome{};
  }

  std::vector<outcome> run_together(std::vector<call> all);

  [[nodiscard]] std::string date_sent(std::size_t which) const {
    return std::string(
        http::find_header(client.sent.at(which).request.fields, "X-Amz-Date").value_or("none"));
  }

  asio::io_context loop;
  asio::cancellation_signal cancel;
  scripted_client client;
  scripted_credentials credentials;
  settings how;
  wall_clock::time_point wall = wall_clock::from_time_t(1'767'323'044);  // 2026-01-02T03:04:04Z
  std::unique_ptr<service> tested;
};

TEST_F(RetryLoop, AWrongClockIsLearnedAndTheCallSentOnceMore) {
  client.answers = {skewed("Fri, 02 Jan 2026 03:24:04 GMT"), answer_with(200, "1"),
                    answer_with(200, "2")};
  EXPECT_TRUE(run().answered());
  ASSERT_EQ(client.sent.size(), 2U);
  EXPECT_EQ(date_sent(0), "20260102T030404Z");
  EXPECT_EQ(date_sent(1), "20260102T032404Z");
  // The next call is right at once.
  EXPECT_TRUE(run().answered());
  ASSERT_EQ(client.sent.size(), 3U);
  EXPECT_EQ(date_sent(2), "20260102T032404Z");
}

TEST_F(RetryLoop, NothingIsLearnedFromTheDateOfOtherAnswers) {
  // A cache or a proxy with a wrong clock; and refusals that have nothing to do with time.
  const http::headers off = {{"Date", "Fri, 02 Jan 2026 05:04:04 GMT"}};
  client.answers = {answer_with(200, "1", off),
                    answer_with(404, "{}",
                                {{"x-amzn-ErrorType", "ResourceNotFoundException"},
                                 {"Date", "Fri, 02 Jan 2026 05:04:04 GMT"}}),
                    answer_with(200, "2", off), answer_with(200, "3")};
  for (int call = 0; call < 4; ++call) run();
  ASSERT_EQ(client.sent.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(date_sent(i), "20260102T030404Z") << i;
}

TEST_F(RetryLoop, ADateThatLiesIsBelievedOnceAtMost) {
  const auto lying = skewed("Fri, 02 Jan 2026 05:04:04 GMT");
  client.answers = {lying, lying, answer_with(200, "1"), answer_with(200, "2")};
  EXPECT_TRUE(run().answered());
  EXPECT_TRUE(run().answered());
  ASSERT_EQ(client.sent.size(), 4U);
  EXPECT_EQ(date_sent(1), "20260102T050404Z");
  EXPECT_EQ(date_sent(2), "20260102T030404Z");
  EXPECT_EQ(date_sent(3), "20260102T030404Z");
}

TEST_F(RetryLoop, AClockThatWasPutRightIsBelievedAgain) {
  client.answers = {skewed("Fri, 02 Jan 2026 03:24:04 GMT"), answer_with(200, "1"),
                    skewed("Fri, 02 Jan 2026 03:24:04 GMT"), answer_with(200, "2"),
                    answer_with(200, "3")};
  EXPECT_TRUE(run().answered());
  wall += 20min;
  EXPECT_TRUE(run().answered());
  EXPECT_TRUE(run().answered());
  ASSERT_EQ(client.sent.size(), 5U);
  EXPECT_EQ(date_sent(2), "20260102T034404Z");
  EXPECT_EQ(date_sent(3), "20260102T032404Z");
  EXPECT_EQ(date_sent(4), "20260102T032404Z");
}

TEST_F(RetryLoop, AWrongKeyIsNoWrongClock) {
  auto wrong =
      answer_with(403, R"({"message":"The request signature we calculated does not match"})",
                  {{"x-amzn-ErrorType", "InvalidSignatureException"},
                   {"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}});
  client.answers = {wrong};
  EXPECT_EQ(run().failed()->code, error_code::unauthorized);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(RetryLoop, AServerWhoseClockRunsAwayIsNotFollowedForEver) {
  for (int i = 0; i < 10; ++i) {
    client.answers.push_back(answer_with(403, R"({"message":"no"})",
                                         {{"x-amzn-ErrorType", "SignatureDoesNotMatch"},
                                          {"Date", i % 2 == 0 ? "Fri, 02 Jan 2026 04:04:04 GMT"
                                                              : "Fri, 02 Jan 2026 02:04:04 GMT"}}));
  }
  EXPECT_TRUE(run().failed());
  EXPECT_EQ(client.sent.size(), 2U);
}

TEST_F(RetryLoop, AnotherHostsClockIsItsOwn) {
  client.answers = {skewed("Fri, 02 Jan 2026 03:24:04 GMT"), answer_with(200, "1"),
                    answer_with(200, "2")};
  EXPECT_TRUE(run().answered());
  EXPECT_TRUE(run("arn:aws:lambda:eu-west-1:123456789012:function:f").answered());
  EXPECT_EQ(date_sent(2), "20260102T030404Z");
}

TEST_F(RetryLoop, FurtherAttemptsEndWithTheBudgetOfTheFunction) {
  how.budget.capacity = 28;
  how.budget.per_second = 0;
  // Each call would make four attempts; two more than the first are paid for in all.
  EXPECT_EQ(run().attempts, 3);
  EXPECT_EQ(run().attempts, 1);
  EXPECT_EQ(run("other").attempts, 3);
}

TEST_F(RetryLoop, RetryAfterIsWaitedForWithinTheCallsTimeOnly) {
  const auto throttle = [](const char* seconds) {
    return answer_with(
        429, R"({"Type":"User","Message":"Rate Exceeded."})",
        {{"x-amzn-ErrorType", "TooManyRequestsException"}, {"Retry-After", seconds}});
  };
  client.answers = {throttle("1"), answer_with(200, "1")};
  const auto began = boot_clock::now();
  EXPECT_TRUE(run().answered());
  EXPECT_GE(boot_clock::now() - began, 1s);
  // More than is left: the job comes back later.
  client.answers = {throttle("21")};
  const auto out = run("another");
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::too_many_requests);
  EXPECT_EQ(out.failed()->retry_after, 21s);
}

// All at once; the outcomes in the order in which they came.
std::vector<outcome> RetryLoop::run_together(std::vector<call> all) {
  if (!tested) tested = make_service(how, client, credentials);
  std::vector<outcome> out;
  for (auto& asked : all) {
    asked.end = boot_clock::now() + 20s;
    auto running = tested->run(std::move(asked));
    asio::co_spawn(loop, std::move(running), [&](std::exception_ptr bug, outcome value) {
      EXPECT_FALSE(bug);
      out.push_back(std::move(value));
    });
  }
  loop.restart();
  loop.run_for(30s);
  EXPECT_EQ(out.size(), all.size()) << "a call has no end";
  out.resize(all.size());
  return out;
}

call call_as(const std::string& key, const std::string& more = "") {
  call asked;
  asked.inputs = {{"functionName", "\"orders\""}};
  if (!key.empty()) {
    asked.inputs.push_back({"authentication", R"({"type":"static","accessKeyId":")" + key +
                                                  R"(","secretAccessKey":"marked"})"});
  }
  if (!more.empty()) asked.inputs.push_back({"region", '"' + more + '"'});
  return asked;
}

const auto throttled_for_a_second =
    answer_with(429, R"({"Type":"User","Message":"Rate Exceeded."})",
                {{"x-amzn-ErrorType", "TooManyRequestsException"}, {"Retry-After", "1"}});

TEST_F(RetryLoop, ACallThatFindsNoSeatToWaitIsPostponedAndHasLostNothing) {
  how.max_waiting = 1;
  client.answers = {throttled_for_a_second, throttled_for_a_second, answer_with(200, "1")};
  const auto out = run_together({call_as(""), call_as(""), call_as("")});
  // The third came to a gate that was shut, the second was throttled when the first had the seat.
  for (const std::size_t i : {0U, 1U}) {
    ASSERT_TRUE(out.at(i).failed()) << i;
    EXPECT_EQ(out.at(i).failed()->failure, failure_class::throttled);
    EXPECT_GE(out.at(i).postponed.value_or(0ms), 1s);
    EXPECT_FALSE(out.at(i).may_have_run);
  }
  EXPECT_TRUE(out.at(2).answered());
  EXPECT_EQ(client.sent.size(), 3U);
}

// Under other keys, elsewhere: other people's function of the same name.
TEST_F(RetryLoop, WhatIsThrottledForOneIsNotThrottledForOthers) {
  how.max_waiting = 1;
  how.endpoint_of = [](std::string_view region) {
    return aws::parse_endpoint("https://" + std::string(region) + ".example");
  };
  tested = make_service(how, client, credentials);
  client.hang = true;
  auto long_throttle = throttled_for_a_second;
  long_throttle->fields.back().second = "15";
  client.answers = {long_throttle};
  asio::co_spawn(loop, tested->run(call_as("AKIAONE")),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  loop.poll();
  ASSERT_EQ(client.sent.size(), 1U);
  client.hang = false;
  client.answers = {answer_with(200, "1"), answer_with(200, "1"), answer_with(200, "1")};
  for (auto& other :
       {call_as("AKIATWO"), call_as(""), call_as("AKIAONE", "eu-west-1"), call_as("AKIAONE")}) {
    std::optional<outcome> out;
    asio::co_spawn(loop, tested->run(other),
                   [&](std::exception_ptr, outcome value) { out = std::move(value); });
    loop.restart();
    loop.poll();
    ASSERT_TRUE(out);
    // Only the very same is turned away.
    EXPECT_EQ(out->postponed.has_value(), client.sent.size() == 4 && out->failed() != nullptr);
  }
  EXPECT_EQ(client.sent.size(), 4U);
  cancel.emit(asio::cancellation_type::terminal);
  loop.restart();
  loop.run_for(10s);
}

TEST_F(RetryLoop, RequestsCarryWhoseConnectionsTheyUse) {
  client.answers = {answer_with(200, "1")};
  EXPECT_TRUE(run().answered());
  EXPECT_EQ(client.sent.at(0).request.identity, "");
  aws::identity keys;
  keys.from = aws::identity::kind::keys;
  keys.access_key_id = "AKID2";
  keys.secret_access_key = secret_string("marked");
  EXPECT_EQ(name_of(keys), "keys AKID2");
  keys.role.emplace();
  keys.role->role_arn = "arn:aws:iam::1:role/r";
  EXPECT_THAT(name_of(keys), HasSubstr("arn:aws:iam::1:role/r"));
  EXPECT_EQ(name_of(aws::identity{}), "");
}

}  // namespace
}  // namespace connector::lambda
