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
