#include "worker/jobs/arrival.h"

#include <gtest/gtest.h>

#include <limits>

namespace worker::jobs {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

const boot_clock::time_point received_at{hours(5)};
constexpr milliseconds broker{1'700'000'000'000};  // far from our clock

arrival pushed(milliseconds deadline, engine::job_key key = 1) {
  arrival out;
  out.job.key = key;
  out.job.deadline = deadline;
  out.timeout = seconds(60);
  return out;
}

TEST(Arrival, NumbersBeyondTheirEndsAreBroughtWithin) {
  engine::job from;
  from.retries = std::numeric_limits<int>::min();
  EXPECT_EQ(with_bounded_numbers(from).retries, 0);
  from.retries = std::numeric_limits<int>::max();
  EXPECT_EQ(with_bounded_numbers(from).retries, std::numeric_limits<int>::max());
  for (const auto bad : {milliseconds::min(), milliseconds(-1), milliseconds::max(),
                         milliseconds(100'000'000'000'000)}) {
    from.deadline = bad;
    EXPECT_EQ(with_bounded_numbers(from).deadline, milliseconds(0));
  }
  from.deadline = broker;
  EXPECT_EQ(with_bounded_numbers(from).deadline, broker);
}

TEST(Arrival, ADeadlineThatIsNoneMakesAYoungJobAndTeachesNothing) {
  clock_difference clocks;
  for (const auto bad : {milliseconds::min(), milliseconds(0), milliseconds::max()}) {
    auto arrived = pushed(bad);
    arrived.job = with_bounded_numbers(arrived.job);
    EXPECT_EQ(lease_of(arrived, clocks, received_at).expires, received_at + seconds(60));
  }
  // Else this one, with its ordinary deadline, would count as old and be dropped.
  EXPECT_EQ(lease_of(pushed(broker + seconds(60)), clocks, received_at).expires,
            received_at + seconds(60));
  EXPECT_EQ(lease_of(pushed(broker + seconds(60)), clocks, received_at + seconds(7)).expires,
            received_at + seconds(60));
}

TEST(Arrival, ClocksThatAreAgesApartAreCountedWith) {
  clock_difference clocks;
  EXPECT_EQ(lease_of(pushed(milliseconds(99'999'999'999'999)), clocks, received_at).expires,
            received_at + seconds(60));
  EXPECT_LE(lease_of(pushed(milliseconds(1)), clocks, received_at).expires, received_at);
  // What was asked for a moment ago is no older than that, whatever the clocks say.
  auto polled = pushed(milliseconds(1));
  polled.polled = true;
  polled.asked_at = received_at - seconds(2);
  EXPECT_GE(lease_of(polled, clocks, received_at).expires, received_at + seconds(58));
}

arrival polled(milliseconds deadline, milliseconds ago) {
  auto out = pushed(deadline);
  out.polled = true;
  out.asked_at = received_at - ago;
  return out;
}

// Nothing is known of its partition, or it has no deadline.
TEST(Arrival, WhatIsOlderThanAPollCanBeWasActivatedBeforeTheWorkerStoodStill) {
  for (const auto deadline : {broker + seconds(60), milliseconds(0)}) {
    clock_difference clocks;
    const auto late = polled(deadline, std::chrono::minutes(10));
    EXPECT_LE(lease_of(late, clocks, received_at).expires, received_at);
    // Nor does it make the next one look young.
    EXPECT_LE(lease_of(late, clocks, received_at + seconds(1)).expires, received_at);
    EXPECT_EQ(lease_of(pushed(broker + seconds(70)), clocks, received_at + seconds(9)).expires,
              received_at + seconds(69));
  }
}

TEST(Arrival, AJobAtTheEndOfALongPollHasItsWholeLease) {
  for (const auto deadline : {broker + seconds(60), milliseconds(0)}) {
    clock_difference clocks;
    EXPECT_EQ(lease_of(polled(deadline, seconds(19)), clocks, received_at).expires,
              received_at + seconds(60));
  }
}

TEST(Arrival, TheFirstOfAPartitionIsAsOldAsTheStandstillBeforeIt) {
  clock_difference clocks;
  const auto lease_end = [&](const arrival& arrived, milliseconds greatest_age) {
    return lease_of(arrived, clocks, received_at, greatest_age).expires - received_at;
  };
  const milliseconds nap = std::chrono::minutes(9);
  EXPECT_EQ(lease_end(pushed(broker + seconds(60)), nap), seconds(60) - nap);
  EXPECT_EQ(lease_end(pushed(broker + seconds(60)), nap), seconds(60) - nap);
  EXPECT_EQ(lease_end(pushed(milliseconds(0)), nap), seconds(60) - nap);
  EXPECT_EQ(lease_end(polled(broker + seconds(60), std::chrono::minutes(10)), seconds(16)),
            seconds(60) - std::chrono::minutes(10));
  // They taught nothing. One of a poll that was sent afterwards does.
  EXPECT_EQ(lease_end(polled(broker + nap + seconds(60), seconds(15)), nap), seconds(45));
  EXPECT_EQ(lease_end(pushed(broker + nap + seconds(60)), nap), seconds(60));
  EXPECT_EQ(lease_end(pushed(broker + seconds(60)), nap), seconds(60) - nap);
}

TEST(Arrival, OfAKnownPartitionHasTheAgeThatItsDeadlineTells) {
  clock_difference clocks;
  lease_of(pushed(broker + seconds(60)), clocks, received_at);
  const auto awake = received_at + std::chrono::minutes(10);
  const milliseconds nap = std::chrono::minutes(10);
  EXPECT_EQ(lease_of(pushed(broker + seconds(60)), clocks, awake, nap).expires,
            received_at + seconds(60));
  EXPECT_EQ(lease_of(pushed(broker + nap + seconds(60)), clocks, awake, nap).expires,
            awake + seconds(60));
}

TEST(Arrival, AnyKeyHasAPartition) {
  clock_difference clocks;
  for (const auto key : {std::numeric_limits<engine::job_key>::min(), engine::job_key{-1},
                         engine::job_key{0}, std::numeric_limits<engine::job_key>::max()}) {
    EXPECT_EQ(lease_of(pushed(broker + seconds(60), key), clocks, received_at).expires,
              received_at + seconds(60));
  }
}

}  // namespace
}  // namespace worker::jobs
