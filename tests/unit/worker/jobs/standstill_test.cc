#include "worker/jobs/standstill.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const boot_clock::time_point begin{std::chrono::hours(5)};
constexpr milliseconds none{0};

// Ticks each second.
void run(standstill& still, boot_clock::time_point from, boot_clock::time_point until) {
  for (auto now = from; now < until; now += seconds(1)) still.tick(now);
}

TEST(Standstill, IsNoneWhileTicksComeOrBeforeTheFirst) {
  standstill still{seconds(60)};
  EXPECT_EQ(still.greatest_age(begin), none);
  EXPECT_EQ(still.greatest_age(begin + minutes(10)), none);
  for (auto now = begin + minutes(10); now < begin + minutes(20); now += seconds(1)) {
    still.tick(now);
    EXPECT_EQ(still.greatest_age(now + milliseconds(999)), none);
  }
}

TEST(Standstill, ShorterThanAQuarterOfALeaseDoesNotCount) {
  standstill still{seconds(60)};
  still.tick(begin);
  EXPECT_EQ(still.greatest_age(begin + seconds(15)), none);
  still.tick(begin + seconds(15));
  EXPECT_EQ(still.greatest_age(begin + seconds(15)), none);
  EXPECT_EQ(still.greatest_age(begin + seconds(31)), seconds(16));
}

// The first message may be read before the first tick or after it, and the sender may send one
// again two minutes later.
TEST(Standstill, CountsFromTheLastTickBeforeItWhileMessagesFromThenMayCome) {
  standstill still{seconds(60)};
  still.tick(begin);
  const auto awake = begin + minutes(10);
  EXPECT_EQ(still.greatest_age(awake), minutes(10));
  still.tick(awake);
  EXPECT_EQ(still.greatest_age(awake), minutes(10));
  run(still, awake, awake + seconds(129));
  EXPECT_EQ(still.greatest_age(awake + seconds(129)), minutes(10) + seconds(129));
  still.tick(awake + seconds(130));
  EXPECT_EQ(still.greatest_age(awake + seconds(130)), none);
}

TEST(Standstill, ThatWasShortIsOverSoon) {
  standstill still{seconds(60)};
  still.tick(begin);
  const auto awake = begin + seconds(20);
  run(still, awake, awake + seconds(29));
  EXPECT_EQ(still.greatest_age(awake + seconds(29)), seconds(49));
  EXPECT_EQ(still.greatest_age(awake + seconds(30)), none);
}

TEST(Standstill, ThatFollowsAnotherAtOnceIsOneWithIt) {
  standstill still{seconds(60)};
  still.tick(begin);
  still.tick(begin + minutes(10));
  EXPECT_EQ(still.greatest_age(begin + minutes(12)), minutes(12));
  still.tick(begin + minutes(12));
  EXPECT_EQ(still.greatest_age(begin + minutes(12)), minutes(12));
  // Later it is another one.
  run(still, begin + minutes(12), begin + minutes(15));
  still.tick(begin + minutes(17));
  EXPECT_EQ(still.greatest_age(begin + minutes(17)), minutes(2) + seconds(1));
}

TEST(Standstill, IsShortForShortLeases) {
  standstill still{seconds(1)};
  for (const int at : {0, 300, 500, 700}) still.tick(begin + milliseconds(at));
  EXPECT_EQ(still.greatest_age(begin + milliseconds(800)), milliseconds(800));
  EXPECT_EQ(still.greatest_age(begin + milliseconds(850)), none);
}

}  // namespace
}  // namespace worker::jobs
