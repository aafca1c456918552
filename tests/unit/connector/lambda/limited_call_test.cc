// Which calls of the service an operator's limit counts, and what their outcome says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connector/lambda/call_limiter.h"
#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LimitedCall : public service_fixture {
 protected:
  LimitedCall() { how.limits = &limiter; }

  void limit(const std::string& pattern, call_bounds bounds) {
    call_limits made;
    made.push_back(std::get<call_limit>(call_limit::make(pattern, bounds)));
    limiter.replace(std::move(made));
  }
  void pause(const std::string& pattern) { limit(pattern, {std::nullopt, std::nullopt, true}); }

  // A worker's call: it takes part in limits.
  call limited(call asked) {
    asked.turn.may_wait = [this] { return may_wait; };
    asked.turn.comes = [this]() -> boost::asio::awaitable<bool> {
      ++turns;
      co_return comes;
    };
    asked.turn.hears_of_each = hears_of_each;
    return asked;
  }
  outcome run_limited(const std::string& function, std::vector<input_value> more = {}) {
    more.push_back({"functionName", "\"" + function + "\""});
    client.answers = {answer_with(200, "1")};
    return run(limited(with(std::move(more))));
  }

  call_limiter limiter{{0, [] { return 0.0; }}};
  bool may_wait = false;
  bool comes = true;
  bool hears_of_each = true;
  int turns = 0;
};

TEST_F(LimitedCall, OfAPausedFunctionIsPostponedAndSaysSo) {
  pause("orders");
  const auto out = run_limited("orders");
  ASSERT_TRUE(out.failed());
  EXPECT_TRUE(out.limited);
  EXPECT_EQ(out.postponed, std::optional<std::chrono::milliseconds>(10'000ms));
  EXPECT_FALSE(out.may_have_run);
  EXPECT_FALSE(out.sent);
  EXPECT_EQ(out.function, "orders");
  EXPECT_THAT(out.failed()->message,
              HasSubstr("the operator's limit (limits.functions) is paused"));
  EXPECT_TRUE(client.sent.empty());
  EXPECT_TRUE(credentials.asked.empty());
  EXPECT_EQ(turns, 0);
}

TEST_F(LimitedCall, IsTheSameUnderEveryNameOfTheFunction) {
  pause("orders");
  for (const auto* name :
       {"orders", "orders:PROD", "function:orders", "123456789012:orders",
        "123456789012:function:orders:7", "arn:aws:lambda:us-east-1:123456789012:function:orders",
        "arn:aws:lambda:us-east-1:123456789012:function:orders:PROD"}) {
    EXPECT_TRUE(run_limited(name).limited) << name;
  }
  EXPECT_TRUE(run_limited("orders", {{"qualifier", "\"7\""}}).limited);
  EXPECT_FALSE(run_limited("orders2").limited);
}

TEST_F(LimitedCall, OfAFunctionUrlGoesByItsHost) {
  auto lists = std::make_shared<guard>();
  lists->hosts.push_back(std::make_shared<const allow_list>(std::get<allow_list>(allow_list::make(
      allow_list::about::hosts, "ALLOWED_HOSTS", {"*.lambda-url.us-east-1.on.aws"}))));
  pause("https://abc.lambda-url.us-east-1.on.aws");
  const auto called = [&](const std::string& id) {
    client.answers = {answer_with(200, "1")};
    auto asked = with({{"functionName", "\"https://" + id + ".lambda-url.us-east-1.on.aws/x\""}});
    asked.allowed = lists;
    return run(limited(std::move(asked)));
  };
  EXPECT_TRUE(called("abc").limited);
  EXPECT_FALSE(called("abd").limited);
}

TEST_F(LimitedCall, ThatRunsNothingHasNoLimit) {
  pause("*");
  EXPECT_FALSE(run_limited("orders", {{"invocationType", "\"DryRun\""}}).limited);
  client.answers = {answer_with(200, R"({"Configuration":{}})")};
  auto asked = with({{"functionName", "\"orders\""}});
  asked.operation = operation_id::get_function;
  EXPECT_FALSE(run(limited(std::move(asked))).limited);
}

TEST_F(LimitedCall, ThatNeedNotWaitIsToldOfItsTurnOnlyWhenAsked) {
  limit("orders", {1, std::nullopt, false});
  comes = false;
  hears_of_each = false;
  EXPECT_TRUE(run_limited("orders").answered());
  EXPECT_EQ(turns, 0);
  hears_of_each = true;
  EXPECT_FALSE(run_limited("orders").answered());
  EXPECT_EQ(turns, 1);
}

TEST_F(LimitedCall, ByHandHasNoLimit) {
  pause("*");
  client.answers = {answer_with(200, "1")};
  EXPECT_TRUE(run(orders()).answered());
}

TEST_F(LimitedCall, OfAnEventHasTheLimitToo) {
  pause("*");
  EXPECT_TRUE(run_limited("orders", {{"invocationType", "\"Event\""}}).limited);
}

TEST_F(LimitedCall, CountsUntilItEnds) {
  limit("orders", {1, std::nullopt, false});
  std::size_t under_way = 0;
  client.on_send = [&] { under_way = limiter.figures().front().under_way; };
  EXPECT_TRUE(run_limited("orders").answered());
  EXPECT_EQ(under_way, 1U);
  EXPECT_EQ(turns, 1);
  EXPECT_EQ(limiter.figures().front().under_way, 0U);
  EXPECT_EQ(limiter.figures().front().let_through, 1U);
}

TEST_F(LimitedCall, WhoseTurnTheWorkerRefusesIsNotSent) {
  comes = false;
  const auto out = run_limited("orders");
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::cancelled);
  EXPECT_FALSE(out.limited);
  EXPECT_TRUE(client.sent.empty());
  limit("orders", {1, std::nullopt, false});
  run_limited("orders");
  EXPECT_EQ(limiter.figures().front().under_way, 0U);
}

}  // namespace
}  // namespace connector::lambda
