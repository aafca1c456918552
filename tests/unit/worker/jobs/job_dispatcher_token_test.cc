// Jobs with lease tokens, and those that lack the token that their type requires.
#include "tests/unit/worker/jobs/job_dispatcher_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

using JobDispatcher = job_dispatcher_fixture;

// Its lease ended while the command was under way, and the engine gave the job out again: here.
TEST_F(JobDispatcher, AnActivationThatFencesOurOwnFailureRunsAfterIt) {
  // given
  gateway_.leave_open("FailJob");
  service_.outcome = fake_service::failed(connector::error_code::service_error,
                                          connector::failure_class::not_started, true);
  dispatcher_.arrive(pushed(leased(callable(1), "first")));
  clock_.run();
  service_.outcome = fake_service::answered();
  dispatcher_.arrive(pushed(leased(callable(1), "second")));
  // when
  gateway_.end_open("FailJob", says::fenced);
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("1", "1"));
  EXPECT_EQ(ended(job_end::superseded), 1U);
  EXPECT_EQ(ended(job_end::completed), 1U);
  EXPECT_THAT(gateway_.calls("CompleteJob"), ElementsAre(StartsWith("CompleteJob 1/second")));
}

TEST_F(JobDispatcher, AFencedCallIsCutAndTheActivationThatComesHereRunsAfterIt) {
  // given
  service_.leave_open = true;
  dispatcher_.arrive(pushed(leased(callable(1), "first")));
  clock_.run();
  // when
  jobs_.at(1)->found_fenced();
  dispatcher_.arrive(pushed(leased(callable(1), "third")));
  service_.leave_open = false;
  clock_.run();
  dispatcher_.dispatch();
  clock_.run();
  // then
  EXPECT_EQ(ended(job_end::superseded), 1U);
  EXPECT_THAT(gateway_.calls("CompleteJob"), ElementsAre(StartsWith("CompleteJob 1/third")));
  EXPECT_EQ(ended(job_end::completed), 1U);
}

// Its execution is the next activation's too.
TEST_F(JobDispatcher, TheExecutionOfAFencedJobIsNotStoppedAndThatOfACancelledOneIs) {
  for (const bool fenced : {true, false}) {
    // given
    service_.called.clear();
    service_.leave_open = true;
    const engine::job_key of = fenced ? 1 : 2;
    dispatcher_.arrive(
        pushed(leased(callable(of, {{"durable", "true"}, {"onCancel", "stop"}}), "first")));
    clock_.run();
    ASSERT_EQ(service_.called.size(), 1U);
    // when
    service_.leave_open = false;
    fenced ? jobs_.at(of)->found_fenced() : jobs_.at(of)->found_gone();
    clock_.run();
    // then
    EXPECT_EQ(service_.called.size(), fenced ? 1U : 2U);
  }
  EXPECT_EQ(ended(job_end::superseded), 2U);
}

TEST_F(JobDispatcher, WithoutTheTokenThatItsTypeRequiresAJobGoesBackWithItsRetriesAndABackOff) {
  // given
  type_.lease = lease_mode::required;
  // when
  dispatcher_.arrive(pushed(callable(1)));
  dispatcher_.arrive(polled(callable(2)));
  dispatcher_.arrive(pushed(leased(callable(3), "token")));
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("3"));
  EXPECT_THAT(gateway_.calls("FailJob"),
              ElementsAre(StartsWith("FailJob 1 retries=3 backOff=7500 CANCELLED: The engine gave "
                                     "no lease token"),
                          StartsWith("FailJob 2 retries=3 backOff=7500")));
  EXPECT_EQ(ended(job_end::released), 2U);
  EXPECT_EQ(dispatcher_.without_lease_token(), 2U);
  EXPECT_EQ(capacity_.free_queue_places(), 4U);
}

TEST_F(JobDispatcher, WithoutTheTokenThatItsTypeOffersAJobRuns) {
  type_.lease = lease_mode::offered;
  push(1);
  EXPECT_THAT(service_.called, ElementsAre("1"));
  EXPECT_EQ(dispatcher_.without_lease_token(), 0U);
}

}  // namespace
}  // namespace worker::jobs
