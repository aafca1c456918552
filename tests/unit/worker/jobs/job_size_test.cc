#include "worker/jobs/job_size.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

constexpr std::size_t mega = std::size_t{1} << 20U;

TEST(JobSize, BeforeTheFirstJobOneMayBeAsLargeAsAMessage) {
  const job_size unknown;
  EXPECT_EQ(unknown.how_many_fit(32 * mega, 1), 8U);
  EXPECT_EQ(unknown.how_many_fit(32 * mega, 6), 1U);
}

TEST(JobSize, GoesUpAtOnceAndDownSlowly) {
  job_size size;
  size.learn(1000);
  EXPECT_EQ(size.expected(), 1000U);
  size.learn(2 * mega);
  EXPECT_EQ(size.expected(), 2 * mega);
  size.learn(1000);
  EXPECT_GT(size.expected(), mega);
  for (int i = 0; i < 100; ++i) size.learn(1000);
  EXPECT_LT(size.expected(), 1200U);
}

TEST(JobSize, AJobIsAskedForEvenWhenLessIsFree) {
  job_size size;
  size.learn(2 * mega);
  EXPECT_EQ(size.how_many_fit(mega, 2), 1U);
  EXPECT_EQ(size.how_many_fit(0, 1), 1U);
}

TEST(JobSize, JobsWithoutVariablesFitAlways) {
  job_size size;
  size.learn(0);
  EXPECT_EQ(size.how_many_fit(mega, 1), mega);
}

}  // namespace
}  // namespace worker::jobs
