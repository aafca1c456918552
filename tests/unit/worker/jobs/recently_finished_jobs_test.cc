#include "worker/jobs/recently_finished_jobs.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using std::chrono::seconds;

const boot_clock::time_point finished_at{std::chrono::hours(1)};

TEST(LatelyFinished, AKeyIsKnownForItsMemoryAndNotForEver) {
  recently_finished_jobs finished;
  finished.add(7, finished_at);
  EXPECT_TRUE(finished.was_finished_before(7, finished_at, finished_at));
  EXPECT_FALSE(finished.was_finished_before(8, finished_at, finished_at));
  EXPECT_TRUE(
      finished.was_finished_before(7, finished_at, finished_at + recently_finished_jobs::memory));
  EXPECT_FALSE(finished.was_finished_before(7, finished_at,
                                            finished_at + 2 * recently_finished_jobs::memory));
}

TEST(LatelyFinished, AKeyAddedLateInAPeriodIsStillKnownForTheWholeMemory) {
  recently_finished_jobs finished;
  finished.add(1, finished_at);
  const auto late = finished_at + recently_finished_jobs::memory - seconds(1);
  finished.add(2, late);
  EXPECT_TRUE(finished.was_finished_before(2, finished_at, late + recently_finished_jobs::memory));
}

TEST(LatelyFinished, ManyKeysPushOutTheOldestOnly) {
  recently_finished_jobs finished;
  const auto most = static_cast<engine::job_key>(recently_finished_jobs::max_keys);
  for (engine::job_key key = 0; key < 2 * most + 1; ++key) finished.add(key, finished_at);
  EXPECT_TRUE(finished.was_finished_before(2 * most, finished_at, finished_at));
  EXPECT_TRUE(finished.was_finished_before(most + 1, finished_at, finished_at));
  EXPECT_FALSE(finished.was_finished_before(0, finished_at, finished_at));
}

TEST(LatelyFinished, AfterAThrownErrorALaterActivationIsANewOne) {
  recently_finished_jobs finished;
  finished.add_thrown(7, finished_at);
  EXPECT_TRUE(finished.was_finished_before(7, finished_at - seconds(1), finished_at + seconds(3)));
  EXPECT_FALSE(finished.was_finished_before(7, finished_at + seconds(2), finished_at + seconds(3)));
  finished.add(7, finished_at + seconds(4));
  EXPECT_TRUE(finished.was_finished_before(7, finished_at + seconds(5), finished_at + seconds(6)));
}

}  // namespace
}  // namespace worker::jobs
