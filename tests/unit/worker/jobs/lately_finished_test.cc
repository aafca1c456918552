#include "worker/jobs/lately_finished.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::seconds;

const boot_clock::time_point start{std::chrono::hours(1)};

TEST(LatelyFinished, AKeyIsKnownForItsMemoryAndNotForEver) {
  lately_finished finished;
  finished.add(7, start);
  EXPECT_TRUE(finished.overtook(7, start, start));
  EXPECT_FALSE(finished.overtook(8, start, start));
  EXPECT_TRUE(finished.overtook(7, start, start + lately_finished::memory));
  EXPECT_FALSE(finished.overtook(7, start, start + 2 * lately_finished::memory));
}

TEST(LatelyFinished, AKeyAddedLateInAPeriodIsStillKnownForTheWholeMemory) {
  lately_finished finished;
  finished.add(1, start);
  const auto late = start + lately_finished::memory - seconds(1);
  finished.add(2, late);
  EXPECT_TRUE(finished.overtook(2, start, late + lately_finished::memory));
}

TEST(LatelyFinished, ManyKeysPushOutTheOldestOnly) {
  lately_finished finished;
  const auto most = static_cast<engine::job_key>(lately_finished::most);
  for (engine::job_key key = 0; key < 2 * most + 1; ++key) finished.add(key, start);
  EXPECT_TRUE(finished.overtook(2 * most, start, start));
  EXPECT_TRUE(finished.overtook(most + 1, start, start));
  EXPECT_FALSE(finished.overtook(0, start, start));
}

TEST(LatelyFinished, AfterAThrownErrorALaterActivationIsANewOne) {
  lately_finished finished;
  finished.add_thrown(7, start);
  EXPECT_TRUE(finished.overtook(7, start - seconds(1), start + seconds(3)));
  EXPECT_FALSE(finished.overtook(7, start + seconds(2), start + seconds(3)));
  finished.add(7, start + seconds(4));
  EXPECT_TRUE(finished.overtook(7, start + seconds(5), start + seconds(6)));
}

}  // namespace
}  // namespace worker::jobs
