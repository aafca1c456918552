#include "worker/jobs/recently_finished_jobs.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::seconds;

const boot_clock::time_point start{std::chrono::hours(1)};

TEST(LatelyFinished, AKeyIsKnownForItsMemoryAndNotForEver) {
  recently_finished_jobs finished;
  finished.add(7, start);
  EXPECT_TRUE(finished.was_finished_before(7, start, start));
  EXPECT_FALSE(finished.was_finished_before(8, start, start));
  EXPECT_TRUE(finished.was_finished_before(7, start, start + recently_finished_jobs::memory));
  EXPECT_FALSE(finished.was_finished_before(7, start, start + 2 * recently_finished_jobs::memory));
}

TEST(LatelyFinished, AKeyAddedLateInAPeriodIsStillKnownForTheWholeMemory) {
  recently_finished_jobs finished;
  finished.add(1, start);
  const auto late = start + recently_finished_jobs::memory - seconds(1);
  finished.add(2, late);
  EXPECT_TRUE(finished.was_finished_before(2, start, late + recently_finished_jobs::memory));
}

TEST(LatelyFinished, ManyKeysPushOutTheOldestOnly) {
  recently_finished_jobs finished;
  const auto most = static_cast<engine::job_key>(recently_finished_jobs::max_keys);
  for (engine::job_key key = 0; key < 2 * most + 1; ++key) finished.add(key, start);
  EXPECT_TRUE(finished.was_finished_before(2 * most, start, start));
  EXPECT_TRUE(finished.was_finished_before(most + 1, start, start));
  EXPECT_FALSE(finished.was_finished_before(0, start, start));
}

TEST(LatelyFinished, AfterAThrownErrorALaterActivationIsANewOne) {
  recently_finished_jobs finished;
  finished.add_thrown(7, start);
  EXPECT_TRUE(finished.was_finished_before(7, start - seconds(1), start + seconds(3)));
  EXPECT_FALSE(finished.was_finished_before(7, start + seconds(2), start + seconds(3)));
  finished.add(7, start + seconds(4));
  EXPECT_TRUE(finished.was_finished_before(7, start + seconds(5), start + seconds(6)));
}

}  // namespace
}  // namespace worker::jobs
