// How many lines the log gets while polls and streams of several job types fail.
#include "worker/jobs/gateway_outage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "connector/base/log.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"

namespace worker::jobs {
namespace {

using testing::HasSubstr;

class GatewayOutage : public jobs_fixture {
 protected:
  void SetUp() override {
    testing::internal::CaptureStdout();
    connector::log::set_up(connector::log::level::info, connector::log::format::json);
  }
  // The lines so far; the log ends with them.
  std::string lines() {
    connector::log::shut_down();
    return testing::internal::GetCapturedStdout();
  }
  static std::size_t count(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  // A second of polls that fail and streams that break, of three job types.
  void second_of(const engine::status& how) {
    for (const auto* type : {"a", "b", "c"}) {
      outage_.stream_broke(type, how);
      outage_.poll_failed(type, how);
      outage_.poll_failed(type, how);
    }
    connector::held_clock::skip(seconds(1));
  }

  gateway_outage outage_{[](const engine::status&) { return "look at the address"; }};
};

TEST_F(GatewayOutage, GatewayThatIsAwayIsOneLineInHalfAMinuteForAllTypes) {
  outage_.poll_answered();
  for (int i = 0; i < 60; ++i) second_of(says::lost);
  const auto told = lines();
  EXPECT_EQ(count(told), 2U) << told;
  EXPECT_THAT(told, HasSubstr("the gateway does not answer, trying again"));
  EXPECT_THAT(told, HasSubstr(R"("hint":"look at the address")"));
}

TEST_F(GatewayOutage, ItsReturnIsALine) {
  outage_.poll_answered();
  second_of(says::lost);
  outage_.poll_answered();
  outage_.poll_answered();
  const auto told = lines();
  EXPECT_EQ(count(told), 2U) << told;
  EXPECT_THAT(told, HasSubstr(R"("message":"the gateway answers again","afterSeconds":"1.0")"));
}

// The program logs the first contact by itself.
TEST_F(GatewayOutage, FirstContactIsNoReturn) {
  second_of(says::lost);
  outage_.poll_answered();
  EXPECT_EQ(count(lines()), 1U);
}

TEST_F(GatewayOutage, GatewayThatComesAndGoesIsOneLineInHalfAMinute) {
  for (int i = 0; i < 29; ++i) {
    second_of(says::lost);
    outage_.poll_answered();
  }
  EXPECT_EQ(count(lines()), 1U);
}

TEST_F(GatewayOutage, StreamThatBreaksWhilePollsAreAnsweredIsALineOfItsType) {
  for (int i = 0; i < 20; ++i) {
    outage_.stream_broke("a", says::lost);
    outage_.stream_broke("b", says::lost);
    outage_.poll_answered();
    connector::held_clock::skip(seconds(1));
  }
  const auto told = lines();
  EXPECT_EQ(count(told), 2U) << told;
  EXPECT_THAT(told, HasSubstr(R"("message":"the stream of pushed jobs broke, opening it again")"));
}

TEST_F(GatewayOutage, OtherFailuresAreALineForEachTypeAndStatus) {
  const engine::status forbidden{engine::status_code::permission_denied, "not yours"};
  for (int i = 0; i < 20; ++i) {
    outage_.poll_failed("a", forbidden);
    outage_.poll_failed("b", forbidden);
    outage_.poll_answered();  // of a third type
    connector::held_clock::skip(seconds(1));
  }
  connector::held_clock::skip(seconds(30));
  outage_.poll_failed("a", forbidden);
  const auto told = lines();
  EXPECT_EQ(count(told), 3U) << told;
  EXPECT_THAT(told, HasSubstr(R"("leftOut":"19")"));
}

}  // namespace
}  // namespace worker::jobs
