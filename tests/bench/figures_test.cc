#include "tests/bench/figures.h"

#include <gtest/gtest.h>

namespace bench {
namespace {

TEST(Percentile, IsTheValueAtThatPartOfTheOrder) {
  EXPECT_EQ(percentile({}, 0.5), 0);
  EXPECT_EQ(percentile({7}, 0.99), 7);
  EXPECT_EQ(percentile({5, 1, 4, 2, 3}, 0.5), 3);
  std::vector<double> hundred;
  for (int i = 0; i <= 100; ++i) hundred.push_back(100 - i);
  EXPECT_EQ(percentile(hundred, 0.99), 99);
  EXPECT_EQ(percentile(hundred, 1), 100);
}

TEST(Targets, JobsThatArriveAtARateHaveTheirs) {
  figures all;
  all.loads.emplace();
  all.loads->floor = {1000, 300, 900};
  all.loads->worker = {1000, 450, 2000};
  all.loads->polled.cpu_us_per_job = 100;
  all.loads->pushed.cpu_us_per_job = 120;
  all.loads->pushed.peak_activated = 250;
  const auto got = targets(all);
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[0].measured, 150);
  EXPECT_TRUE(got[0].met());
  EXPECT_EQ(got[1].measured, 1100);
  EXPECT_FALSE(got[1].met());
  EXPECT_DOUBLE_EQ(got[2].measured, 1.2);
  EXPECT_TRUE(got[2].met());
  EXPECT_TRUE(got[3].met());
}

using std::chrono::milliseconds;

counts sample(int ms, std::uint64_t completed) {
  counts out;
  out.at = std::chrono::hours(5) + milliseconds(ms);
  out.completed = completed;
  return out;
}

TEST(Slope, OfSteadyWorkIsItsRate) {
  std::vector<counts> samples;
  for (int i = 0; i < 100; ++i) {
    samples.push_back(sample(10 * i, 70'000 + 30 * static_cast<std::uint64_t>(i)));
  }
  EXPECT_NEAR(slope(samples), 3000, 1e-6);
}

TEST(Slope, OfWavesIsTheirMeanRateWhereverTheWindowBegins) {
  for (int offset = 0; offset < 100; offset += 7) {
    std::vector<counts> samples;
    // 32 jobs every 100 ms, over 2.5 s: a plain difference would be off by up to 4 %.
    for (int ms = offset; ms <= offset + 2500; ms += 10) {
      samples.push_back(sample(ms, 32 * static_cast<std::uint64_t>(ms / 100)));
    }
    EXPECT_NEAR(slope(samples), 320, 320 * 0.005) << offset;
  }
}

TEST(Slope, OfTooLittleIsZero) {
  EXPECT_EQ(slope({}), 0);
  EXPECT_EQ(slope({sample(1, 5)}), 0);
  EXPECT_EQ(slope({sample(1, 5), sample(1, 9)}), 0);
}

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoThere) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({9, 1, 5}), 5);
  EXPECT_EQ(median({4, 1, 2, 100}), 3);
}

TEST(Middle, TakesMediansButTheLargestMemory) {
  const auto got =
      middle({{10, 3, 0, 20, 1, 0, 0}, {30, 1, 0, 25, 9, 0, 0}, {20, 2, 0, 22, 5, 0, 0}});
  EXPECT_EQ(got.jobs_per_second, 20);
  EXPECT_EQ(got.cpu_us_per_job, 2);
  EXPECT_EQ(got.connections, 5);
  EXPECT_EQ(got.rss_mb, 25);
}

TEST(SlotsUsed, IsTheShareOfWhatTheDelayAllows) {
  EXPECT_NEAR(*point_figures::slots_used({32, milliseconds(100)}, 304), 0.95, 1e-9);
  EXPECT_FALSE(point_figures::slots_used({32, milliseconds(0)}, 304));
}

TEST(Targets, HoldWhatIsReachedAndNotWhatIsMissed) {
  EXPECT_TRUE((target{"a", 0.5, true, 0.5}.met()));
  EXPECT_FALSE((target{"a", 0.5, true, 0.49}.met()));
  EXPECT_TRUE((target{"a", 100, false, 100}.met()));
  EXPECT_FALSE((target{"a", 100, false, 101}.met()));
}

}  // namespace
}  // namespace bench
