// When calls under an operator's bounds may begin, and when those that found no room return.
#include "connector/lambda/call_pace.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;

const call_bounds two_at_once{2, std::nullopt, false};
const call_bounds ten_a_second{std::nullopt, 10.0, false};
const call_bounds paused{std::nullopt, std::nullopt, true};

class CallPace : public testing::Test {
 protected:
  // Begins as many as may begin, and says how many.
  int begin_all(const call_bounds& bounds) {
    int begun = 0;
    while (begun < 1000 && pace.may_begin(now, bounds)) {
      pace.began(now, bounds);
      ++begun;
    }
    return begun;
  }
  std::chrono::milliseconds away(const call_bounds& bounds, double random = 0.5) {
    return pace.come_back(now, bounds, [random] { return random; });
  }

  call_pace pace;
  boot_clock::time_point now{1000h};
};

TEST_F(CallPace, WithoutBoundsEveryCallMayBegin) { EXPECT_EQ(begin_all({}), 1000); }

TEST_F(CallPace, AtOnceCountsWhatIsUnderWay) {
  EXPECT_EQ(begin_all(two_at_once), 2);
  pace.ended(1s);
  EXPECT_EQ(begin_all(two_at_once), 1);
  EXPECT_EQ(pace.under_way(), 2U);
}

TEST_F(CallPace, FewerAtOnceThanAreUnderWayLetsNoneBegin) {
  begin_all(two_at_once);
  const call_bounds one{1, std::nullopt, false};
  pace.ended(1s);
  EXPECT_EQ(begin_all(one), 0);
  pace.ended(1s);
  EXPECT_EQ(begin_all(one), 1);
}

TEST_F(CallPace, PerSecondSpacesTheCallsEvenly) {
  int begun = 0;
  for (int ms = 0; ms < 1000; ++ms, now += 1ms) begun += begin_all(ten_a_second);
  EXPECT_EQ(begun, 10);
}

TEST_F(CallPace, ALoopThatLooksLateStillReachesTheRate) {
  int begun = 0;
  // Looks every 70 ms: the plan is every 100 ms.
  for (int i = 0; i < 1000; ++i, now += 70ms) begun += begin_all(ten_a_second);
  EXPECT_NEAR(begun, 700, 2);
}

TEST_F(CallPace, ALongSilenceIsNotMadeUpFor) {
  begin_all(ten_a_second);
  now += 1h;
  EXPECT_EQ(begin_all(ten_a_second), 1);
}

TEST_F(CallPace, ANewRateCountsFromTheLastCall) {
  const call_bounds slow{std::nullopt, 0.01, false};
  begin_all(slow);
  now += 200ms;
  EXPECT_EQ(begin_all(slow), 0);
  EXPECT_EQ(begin_all(ten_a_second), 1);
}

TEST_F(CallPace, APauseLetsNoneBegin) {
  EXPECT_EQ(begin_all(paused), 0);
  now += 24h;
  EXPECT_EQ(begin_all(paused), 0);
}

TEST_F(CallPace, TurnsFollowEachOtherAsTheRateLetsCallsBegin) {
  EXPECT_EQ(away(ten_a_second), 1000ms);
  EXPECT_EQ(away(ten_a_second), 1100ms);
  now += 500ms;
  EXPECT_EQ(away(ten_a_second), 1000ms);  // not sooner than a second
  EXPECT_EQ(away(ten_a_second), 1100ms);
}

TEST_F(CallPace, TurnsFollowEachOtherAsCallsEnd) {
  EXPECT_EQ(away(two_at_once), 1000ms);
  pace.began(now, two_at_once);
  pace.ended(4s);
  EXPECT_EQ(away(two_at_once), 1010ms);  // given before the first call had ended
  EXPECT_EQ(away(two_at_once), 3010ms);
}

TEST_F(CallPace, NoTurnIsLaterThanFiveMinutes) {
  const call_bounds slow{std::nullopt, 0.01, false};
  for (int i = 0; i < 3; ++i) away(slow);
  for (const double random : {0.0, 0.5, 0.999}) {
    const auto back = away(slow, random);
    EXPECT_GE(back, 1000ms);
    EXPECT_LE(back, 300'000ms);
  }
  EXPECT_EQ(away(slow, 0.5), 150'500ms);
}

TEST_F(CallPace, ManyJobsOfAPausedFunctionReturnSpreadOverFiveMinutes) {
  EXPECT_EQ(away(paused), 10'000ms);
  EXPECT_EQ(away(paused), 10'100ms);
  for (int i = 0; i < 10'000; ++i) {
    const auto back = away(paused, static_cast<double>(i) / 10'000);
    EXPECT_GE(back, 10'000ms);
    EXPECT_LE(back, 300'000ms);
  }
}

TEST_F(CallPace, TurnsBeginAgainWhenTheBoundsChange) {
  for (int i = 0; i < 100; ++i) away(paused);
  EXPECT_EQ(away(ten_a_second), 1000ms);
}

TEST_F(CallPace, IsIdleWhenNothingThatBeganCountsAnyMore) {
  EXPECT_TRUE(pace.idle(now, ten_a_second));
  pace.began(now, ten_a_second);
  EXPECT_FALSE(pace.idle(now + 1s, ten_a_second));
  pace.ended(1s);
  EXPECT_FALSE(pace.idle(now + 50ms, ten_a_second));
  EXPECT_TRUE(pace.idle(now + 100ms, ten_a_second));
}

}  // namespace
}  // namespace connector::lambda
