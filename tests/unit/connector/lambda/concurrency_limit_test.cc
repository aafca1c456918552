#include "connector/lambda/concurrency_limit.h"

#include <gtest/gtest.h>

#include <vector>

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;

class ConcurrencyLimit : public testing::Test {
 protected:
  std::vector<concurrency_limit::ticket> start(std::size_t count) {
    std::vector<concurrency_limit::ticket> all;
    while (all.size() < count && limit.may_start(now)) all.push_back(limit.started(now));
    return all;
  }
  void throttle(const concurrency_limit::ticket& which, std::chrono::milliseconds asked = 0ms) {
    limit.throttled(which, now, asked, bounds, [this] { return random; });
  }
  void work(const concurrency_limit::ticket& which) { limit.worked(which, now, bounds); }
  void rest() { now = std::max(now, limit.resting_until()); }

  concurrency_limit limit;
  concurrency_bounds bounds;
  boot_clock::time_point now{1000h};
  double random = 0;
};

TEST_F(ConcurrencyLimit, ThereIsNoneUntilTheServiceThrottles) {
  EXPECT_EQ(start(10'000).size(), 10'000U);
  EXPECT_FALSE(limit.limited());
}

TEST_F(ConcurrencyLimit, IsHalvedOnceForAllThatWereUnderWay) {
  const auto all = start(100);
  throttle(all[0]);
  EXPECT_EQ(limit.limit(), 50);
  throttle(all[1]);
  throttle(all[2]);
  EXPECT_EQ(limit.limit(), 50);
  EXPECT_EQ(limit.under_way(), 97U);
}

TEST_F(ConcurrencyLimit, ABurstShowsHowManyAreTaken) {
  const auto all = start(500);
  for (int i = 0; i < 490; ++i) throttle(all[static_cast<std::size_t>(i)]);
  EXPECT_EQ(limit.limit(), 10);
}

TEST_F(ConcurrencyLimit, NothingStartsAboveItOrWhileTheFunctionRests) {
  const auto all = start(10);
  for (const auto& one : all) throttle(one);
  EXPECT_EQ(limit.under_way(), 0U);
  EXPECT_EQ(start(10).size(), 0U);
  rest();
  EXPECT_EQ(start(10).size(), 1U);
}

TEST_F(ConcurrencyLimit, GrowsByOneForEachRoundOfSuccesses) {
  throttle(start(20)[0]);
  EXPECT_EQ(limit.limit(), 10);
  for (int i = 0; i < 19; ++i) limit.ended();
  rest();
  const auto round = start(100);
  ASSERT_EQ(round.size(), 10U);
  work(round[0]);
  EXPECT_NEAR(limit.limit(), 10.1, 0.001);
  for (int i = 0; i < 9; ++i) {
    const auto more = start(1);
    ASSERT_EQ(more.size(), 1U);
    work(more[0]);
  }
  EXPECT_NEAR(limit.limit(), 11, 0.1);
}

TEST_F(ConcurrencyLimit, BelowOneItIsAPauseAfterEachCall) {
  const auto first = start(1);
  throttle(first[0]);
  EXPECT_EQ(limit.limit(), 0.5);
  rest();
  const auto second = start(1);
  throttle(second[0]);
  EXPECT_EQ(limit.limit(), 0.25);
  rest();
  const auto third = start(1);
  ASSERT_EQ(third.size(), 1U);
  now += 40ms;
  work(third[0]);
  // 0.275 of the time: 40 ms of work, then about 105 ms of rest.
  EXPECT_FALSE(limit.may_start(now + 100ms));
  EXPECT_TRUE(limit.may_start(now + 110ms));
}

TEST_F(ConcurrencyLimit, RestsLongerEachTimeInARowAndAsLongAsIsAsked) {
  std::chrono::milliseconds before{0};
  for (int i = 0; i < 6; ++i) {
    const auto one = start(1);
    ASSERT_EQ(one.size(), 1U);
    throttle(one[0]);
    const auto rests =
        std::chrono::duration_cast<std::chrono::milliseconds>(limit.resting_until() - now);
    EXPECT_GT(rests, before);
    EXPECT_LE(rests, bounds.rest.most);
    before = rests;
    rest();
  }
  const auto asked = start(1);
  throttle(asked[0], 9s);
  EXPECT_EQ(limit.resting_until() - now, 9s);
}

TEST_F(ConcurrencyLimit, ACallThatIsGivenUpSaysNothing) {
  throttle(start(4)[0]);
  const auto before = limit.limit();
  limit.ended();
  EXPECT_EQ(limit.limit(), before);
  EXPECT_EQ(limit.under_way(), 2U);
}

TEST_F(ConcurrencyLimit, IsForgottenAfterACalmTime) {
  throttle(start(2)[0]);
  limit.ended();
  rest();
  now += bounds.calm;
  work(start(1)[0]);
  EXPECT_FALSE(limit.limited());
  EXPECT_EQ(start(1000).size(), 1000U);
}

// Throttled until nothing was left of the limit, then all is well.
TEST_F(ConcurrencyLimit, ComesBackSoonFromALongThrottling) {
  for (int i = 0; i < 12; ++i) {
    rest();
    throttle(start(1)[0]);
  }
  EXPECT_LT(limit.limit(), 0.001);
  rest();
  const auto over = now;
  while (limit.limit() < 1) {
    rest();
    const auto one = start(1);
    ASSERT_EQ(one.size(), 1U);
    now += 100ms;
    work(one[0]);
  }
  EXPECT_LE(now - over, 20s);
}

// A function that takes ten calls a second, called one after the other by who obeys the limit.
TEST_F(ConcurrencyLimit, SettlesAtWhatAFunctionTakes) {
  double tokens = 10;
  auto filled = now;
  int worked = 0;
  int refused = 0;
  const auto begin = now;
  while (now - begin < 60s) {
    rest();
    const auto one = start(1);
    ASSERT_EQ(one.size(), 1U);
    now += 5ms;
    const std::chrono::duration<double> passed = now - filled;
    tokens = std::min(10.0, tokens + passed.count() * 10);
    filled = now;
    if (tokens >= 1) {
      tokens -= 1;
      ++worked;
      work(one[0]);
    } else {
      ++refused;
      throttle(one[0]);
    }
  }
  EXPECT_GT(worked, 500);  // of 600
  EXPECT_LT(refused, 150);
}

}  // namespace
}  // namespace connector::lambda
