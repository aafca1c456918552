#include "connector/aws/clock_skew.h"

#include <gtest/gtest.h>

namespace connector::aws {
namespace {

using namespace std::chrono_literals;

// Sun, 06 Nov 1994 08:49:37 GMT
const auto date = wall_clock::from_time_t(784'111'777);
const http::headers answer = {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}};

TEST(HttpDate, OnlyTheOneFormIsRead) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), date);
  EXPECT_EQ(parse_http_date("Sat, 29 Feb 2200 00:00:00 GMT"), std::nullopt);
  EXPECT_NE(parse_http_date("Fri, 29 Feb 2036 23:59:60 GMT"), std::nullopt);
  for (const char* wrong : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                            "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
                            "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Xxx 1994 08:49:37 GMT",
                            "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
                            "Sun, 0x Nov 1994 08:49:37 GMT", "Sun, 06 Nov 0994 08:49:37 GMT",
                            "Sun, 06 Nov 9999 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "}) {
    EXPECT_EQ(parse_http_date(wrong), std::nullopt) << wrong;
  }
}

TEST(MeasuredSkew, IsTheDateAgainstTheMiddleOfTheExchange) {
  EXPECT_EQ(measured_skew(answer, {date, 0s}), 0s);
  EXPECT_EQ(measured_skew(answer, {date - 20min, 2s}), 20min - 1s);
  EXPECT_EQ(measured_skew(answer, {date + 20min, 2s}), -20min - 1s);
}

TEST(MeasuredSkew, NothingIsLearnedFromLongCallsCachesAndOtherDates) {
  EXPECT_EQ(measured_skew(answer, {date - 20min, 11s}), std::nullopt);
  EXPECT_EQ(measured_skew(answer, {date, -1s}), std::nullopt);
  EXPECT_EQ(measured_skew({}, {date, 0s}), std::nullopt);
  EXPECT_EQ(measured_skew({{"Date", "yesterday"}}, {date, 0s}), std::nullopt);
  auto cached = answer;
  cached.emplace_back("age", "100");
  EXPECT_EQ(measured_skew(cached, {date, 0s}), std::nullopt);
}

TEST(ClockSkew, IsKeptForOneHostUntilOurOwnTimeIsAccepted) {
  clock_skew clock;
  EXPECT_EQ(clock.correction({"a"}), 0s);
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 20min, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 20min);
  EXPECT_EQ(clock.correction({"b"}), 0s);
  clock.accepted({"a"}, 20min);
  clock.accepted({"b"}, 0s);
  EXPECT_EQ(clock.correction({"a"}), 20min);
  clock.accepted({"a"}, 0s);
  EXPECT_EQ(clock.correction({"a"}), 0s);
}

TEST(ClockSkew, GivesWayWhenTheMachinesClockWasPutRight) {
  clock_skew clock;
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 20min, 0s}));
  clock.accepted({"a"}, 20min);
  EXPECT_TRUE(clock.refused({"a"}, 20min, answer, {date, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
  // And when the other way round it is wrong now.
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date + 20min, 0s}));
  EXPECT_EQ(clock.correction({"a"}), -20min);
  EXPECT_TRUE(clock.refused({"a"}, -20min, answer, {date - 5min, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 5min);
}

TEST(ClockSkew, ThatDidNotHelpIsDropped) {
  clock_skew clock;
  // A Date that lies: signed by it, the next request is refused too.
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 2h, 0s}));
  EXPECT_FALSE(clock.refused({"a"}, 2h, answer, {date - 2h, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
  // Accepted once and refused later: our own time is worth a try.
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 2h, 0s}));
  clock.accepted({"a"}, 2h);
  EXPECT_TRUE(clock.refused({"a"}, 2h, answer, {date - 2h, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
}

TEST(ClockSkew, WithoutADateOurOwnTimeIsTried) {
  clock_skew clock;
  EXPECT_FALSE(clock.refused({"a"}, 0s, {}, {date, 0s}));
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 20min, 0s}));
  EXPECT_TRUE(clock.refused({"a"}, 20min, {}, {date, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
}

TEST(ClockSkew, SmallDifferencesAreIgnored) {
  clock_skew clock;
  EXPECT_FALSE(clock.refused({"a"}, 0s, answer, {date - 100s, 0s}));
  EXPECT_FALSE(clock.refused({"a"}, 0s, answer, {date + 100s, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
}

// The other rules for what anybody may say are in function_url_clock_test.cc.
TEST(ClockSkew, WhatAnybodySaysAtAHostIsNotTheServicesWord) {
  clock_skew clock;
  EXPECT_TRUE(clock.refused({"a", word_of::anybody}, 0s, answer, {date - 2h, 0s}));
  EXPECT_EQ(clock.correction({"a"}), 0s);
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 20min, 0s}));
  clock.accepted({"a"}, 20min);
  EXPECT_EQ(clock.correction({"a", word_of::anybody}), 20min);
  clock.accepted({"a", word_of::anybody}, 20min);
  const boot_clock::time_point later{5min};
  EXPECT_EQ(clock.correction({"a", word_of::anybody, later}), 20min);
}

TEST(ClockSkew, ThatOurOwnTimeWasAcceptedGivesWayToWhatWasLearned) {
  clock_skew clock;
  EXPECT_TRUE(clock.refused({"a"}, 0s, answer, {date - 20min, 0s}));
  for (int i = 0; i < 1000; ++i) clock.accepted({"h" + std::to_string(i)}, 0s);
  EXPECT_EQ(clock.correction({"a"}), 20min);
}

TEST(ClockSkew, HostsWithoutEndAreBounded) {
  clock_skew clock;
  for (int i = 0; i < 1000; ++i) {
    clock.refused({"h" + std::to_string(i)}, 0s, answer, {date - 20min, 0s});
  }
  int kept = 0;
  for (int i = 0; i < 1000; ++i) kept += clock.correction({"h" + std::to_string(i)}) != 0s ? 1 : 0;
  EXPECT_EQ(kept, 64);
  EXPECT_EQ(clock.correction({"h999"}), 20min);
}

}  // namespace
}  // namespace connector::aws
