#include "worker/jobs/lease.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const boot_clock::time_point granted_at{std::chrono::hours(5)};

TEST(Lease, IsExtendedBeforeHalfOfItIsGone) {
  const lease held{granted_at + seconds(60), seconds(60)};
  EXPECT_GT(held.extend_at(), granted_at);
  EXPECT_LT(held.extend_at(), granted_at + seconds(30));
}

TEST(Lease, LeavesRoomForARoundTripBeforeItsEnd) {
  const lease held{granted_at + seconds(60), seconds(60)};
  EXPECT_TRUE(held.alive_with_margin(granted_at + seconds(57)));
  EXPECT_FALSE(held.alive_with_margin(granted_at + seconds(59)));
  EXPECT_TRUE(held.alive(granted_at + seconds(59)));
  EXPECT_FALSE(held.alive(granted_at + seconds(60)));
}

TEST(Lease, MarginGrowsWithTheLeaseButIsBounded) {
  EXPECT_EQ((lease{granted_at, milliseconds(50)}.margin()), milliseconds(20));
  EXPECT_EQ((lease{granted_at, seconds(5)}.margin()), milliseconds(500));
  EXPECT_EQ((lease{granted_at, minutes(10)}.margin()), seconds(2));
}

TEST(ClockDifference, FastestArrivalCountsAsAgeZero) {
  clock_difference clocks;
  const milliseconds broker{1'700'000'000'000};  // far from our clock
  clocks.learn(1, broker, granted_at);
  EXPECT_EQ(clocks.age(1, broker, granted_at), milliseconds(0));
  // Activated 3 s later by the broker's clock, here 10 s later: 7 s on the way.
  EXPECT_EQ(clocks.age(1, broker + seconds(3), granted_at + seconds(10)), seconds(7));
}

TEST(ClockDifference, LearnsASmallerDifferenceAndForgetsAnOldOne) {
  clock_difference clocks;
  const milliseconds broker{1'000'000};
  clocks.learn(1, broker, granted_at + seconds(8));  // came late: 8 s
  clocks.learn(1, broker + seconds(20), granted_at + seconds(21));
  EXPECT_EQ(clocks.age(1, broker + seconds(30), granted_at + seconds(36)), seconds(5));
  // Ten minutes later the broker's clock was set back by 4 s. Whether it was that, or the job came
  // late, a minute shows.
  const auto behind = broker - seconds(4);
  clocks.learn(1, behind + seconds(600), granted_at + seconds(601));
  EXPECT_EQ(clocks.age(1, behind + seconds(600), granted_at + seconds(601)), seconds(4));
  clocks.learn(1, behind + seconds(660), granted_at + seconds(661));
  EXPECT_EQ(clocks.age(1, behind + seconds(660), granted_at + seconds(661)), milliseconds(0));
}

TEST(ClockDifference, AfterALongPauseTheFirstArrivalIsStillKnownToBeLate) {
  clock_difference clocks;
  const milliseconds broker{1'000'000};
  clocks.learn(1, broker, granted_at);
  // The machine slept for ten minutes with the job in its socket.
  const auto awake = granted_at + minutes(10);
  clocks.learn(1, broker + seconds(60), awake);
  EXPECT_EQ(clocks.age(1, broker + seconds(60), awake), minutes(9));
}

TEST(ClockDifference, APolledJobShowsThatTheBrokersClockIsAnother) {
  clock_difference clocks;
  const milliseconds broker{1'000'000};
  clocks.learn(1, broker, granted_at);
  // The new leader's clock is two minutes behind, so its jobs look two minutes old.
  const auto behind = broker - minutes(2);
  clocks.learn(1, behind + seconds(10), granted_at + seconds(10));
  EXPECT_EQ(clocks.age(1, behind + seconds(10), granted_at + seconds(10)), minutes(2));
  clocks.learn(1, behind + seconds(20), granted_at + seconds(20), milliseconds(300));
  EXPECT_LE(clocks.age(1, behind + seconds(20), granted_at + seconds(20)), milliseconds(300));
}

TEST(ClockDifference, PartitionsHaveClocksOfTheirOwn) {
  clock_difference clocks;
  clocks.learn(1, milliseconds(1000), granted_at);
  EXPECT_EQ(clocks.age(2, milliseconds(0), granted_at + minutes(3)), milliseconds(0));
}

// What a gateway may say at most: its ages are added to points in time.
TEST(ClockDifference, HasAnAgeThatCanBeAdded) {
  clock_difference clocks;
  clocks.learn(1, milliseconds(100'000'000'000'000), granted_at);
  EXPECT_EQ(clocks.age(1, milliseconds(0), granted_at), std::chrono::hours(24 * 366));
  EXPECT_LT(granted_at - clocks.age(1, milliseconds(0), granted_at), granted_at);
}

TEST(ClockDifference, IsNeverNegative) {
  clock_difference clocks;
  clocks.learn(1, milliseconds(1000), granted_at + seconds(5));
  EXPECT_EQ(clocks.age(1, milliseconds(9000), granted_at + seconds(6)), milliseconds(0));
}

}  // namespace
}  // namespace worker::jobs
