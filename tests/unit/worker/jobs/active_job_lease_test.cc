// The lease of an active job: when it is extended, by whom, and when it is lost.
#include "tests/unit/worker/jobs/active_job_fixture.h"

namespace worker::jobs {
namespace {

using std::chrono::seconds;

using ActiveJob = active_job_fixture;

TEST_F(ActiveJob, LeaseIsDueForExtensionBeforeHalfOfItIsOver) {
  const auto job = in(job_state::running);
  EXPECT_FALSE(job->may_be_extended(arrived_at + seconds(20)));
  EXPECT_TRUE(job->may_be_extended(extension_due));
}

TEST_F(ActiveJob, LeaseIsNotExtendedTwiceAtATime) {
  const auto job = in(job_state::running);
  job->begin_extension();
  EXPECT_FALSE(job->may_be_extended(extension_due));
  job->extended(extension_due, seconds(60));
  EXPECT_EQ(job->current_lease().expires, extension_due + seconds(60));
  EXPECT_FALSE(job->may_be_extended(extension_due));
}

TEST_F(ActiveJob, ExtensionNeverShortensALease) {
  const auto job = in(job_state::running);
  job->begin_extension();
  job->extended(long_ago, seconds(60));
  EXPECT_EQ(job->current_lease().expires, one_minute.expires);
}

TEST_F(ActiveJob, ExtensionThatTheEnginePostponedWaitsForAPartOfTheLease) {
  const auto job = in(job_state::running);
  job->begin_extension();
  job->extension_postponed(extension_due);
  EXPECT_FALSE(job->may_be_extended(extension_due + seconds(1)));
  EXPECT_TRUE(job->may_be_extended(extension_due + seconds(2)));
}

TEST_F(ActiveJob, RefusedExtensionEndsExtensionsOfThisActivationAlone) {
  // given
  const auto job = in(job_state::running);
  const auto refused = job->begin_extension();
  // when the engine refuses
  EXPECT_TRUE(job->extension_refused(refused));
  EXPECT_FALSE(job->may_be_extended(extension_due));
  // then the next activation can be extended, and an older refusal does not concern it
  job->activated_again(job_with(7), one_minute);
  EXPECT_TRUE(job->may_be_extended(extension_due));
  job->begin_extension();
  EXPECT_FALSE(job->extension_refused(refused));
  EXPECT_TRUE(job->may_be_extended(extension_due));
}

TEST_F(ActiveJob, LostLeaseEndsNowAndNeverLater) {
  const auto job = in(job_state::running);
  job->lose_lease(arrived_at + seconds(90));
  EXPECT_EQ(job->current_lease().expires, one_minute.expires);
  job->lose_lease(arrived_at + seconds(10));
  EXPECT_FALSE(job->may_be_failed(arrived_at + seconds(10)));
}

}  // namespace
}  // namespace worker::jobs
