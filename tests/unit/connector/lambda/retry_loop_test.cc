// What the attempt loop does with clocks, budgets and limits; the rules themselves are tested in
// files of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

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
    how.flight.rest = {1ms, 1ms};
  }

  outcome run(const std::string& function = "orders") {
    if (!tested) tested = make_service(how, client, credentials);
    call what;
    what.inputs = {{"functionName", '"' + function + '"'}};
    what.end = boot_clock::now() + 20s;
    std::optional<outcome> out;
    auto running = tested->run(std::move(what));
    asio::co_spawn(loop, std::move(running), [&](std::exception_ptr bug, outcome value) {
      EXPECT_FALSE(bug);
      out = std::move(value);
    });
    loop.restart();
    loop.run_for(30s);
    EXPECT_TRUE(out) << "the call has no end";
    return out ? *std::move(out) : outcome{};
  }

  [[nodiscard]] std::string date_sent(std::size_t which) const {
    return std::string(
        http::find_header(client.sent.at(which).request.fields, "X-Amz-Date").value_or("none"));
  }

  asio::io_context loop;
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
  const auto begin = boot_clock::now();
  EXPECT_TRUE(run().answered());
  EXPECT_GE(boot_clock::now() - begin, 1s);
  // More than is left: the job comes back later.
  client.answers = {throttle("21")};
  const auto out = run("another");
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::too_many_requests);
  EXPECT_EQ(out.failed()->retry_after, 21s);
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
