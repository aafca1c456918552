#include "worker/jobs/lately_finished.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::seconds;

const boot_clock::time_point start{std::chrono::hours(1)};

TEST(LatelyFinished, AKeyIsKnownForItsMemoryAndNotForEver) {
  lately_finished finished;
  finished.add(7, start);
  EXPECT_TRUE(finished.contains(7, start));
  EXPECT_FALSE(finished.contains(8, start));
  EXPECT_TRUE(finished.contains(7, start + lately_finished::memory));
  EXPECT_FALSE(finished.contains(7, start + 2 * lately_finished::memory));
}

TEST(LatelyFinished, AKeyAddedLateInAPeriodIsStillKnownForTheWholeMemory) {
  lately_finished finished;
  finished.add(1, start);
  const auto late = start + lately_finished::memory - seconds(1);
  finished.add(2, late);
  EXPECT_TRUE(finished.contains(2, late + lately_finished::memory));
}

TEST(LatelyFinished, ManyKeysPushOutTheOldestOnly) {
  lately_finished finished;
  const auto most = static_cast<engine::job_key>(lately_finished::most);
  for (engine::job_key key = 0; key < 2 * most + 1; ++key) finished.add(key, start);
  EXPECT_TRUE(finished.contains(2 * most, start));
  EXPECT_TRUE(finished.contains(most + 1, start));
  EXPECT_FALSE(finished.contains(0, start));
}

}  // namespace
}  // namespace worker::jobs
