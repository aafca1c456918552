// The worker as a whole, against a scripted engine and connector: what it asks for, what it does
// when the gateway lacks a call (worker/jobs/README.md).
#include "tests/unit/worker/jobs/job_worker_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

using JobWorker = job_worker_fixture;

TEST_F(JobWorker, OpensAStreamAndAPollForWhatHasASlot) {
  EXPECT_THAT(gateway_.calls(), testing::UnorderedElementsAre("StreamActivatedJobs timeout=60000",
                                                              StartsWith("ActivateJobs max=1")));
  EXPECT_EQ(gateway_.request().type, "call");
  EXPECT_EQ(gateway_.request().worker, "w");
}

TEST_F(JobWorker, RunsAPushedJobToItsEnd) {
  // when
  push(1);
  // then
  EXPECT_EQ(gateway_.count("CompleteJob 1"), 1U);
  EXPECT_EQ(ended(job_end::completed), 1U);
}

TEST_F(JobWorker, AsksForNothingWhileAllSlotsAndPlacesAreTakenAndAgainWhenOneIsFree) {
  // given
  service_.leave_open = true;
  for (engine::job_key of = 1; of <= 3; ++of) push(of);
  gateway_.end_open(poll_call, says::ok);  // its place comes free
  clock_.run();
  push(4);
  clock_.pass(seconds(2), milliseconds(10));
  ASSERT_EQ(gateway_.open(poll_call), 0U);
  // when
  service_.leave_open = false;
  for (int i = 0; i < 4; ++i) {
    service_.end_open();
    clock_.run();
  }
  clock_.pass(milliseconds(10));
  // then
  EXPECT_EQ(gateway_.open(poll_call), 1U);
}

TEST_F(JobWorker, AFullQueueClosesTheStreamAndAnEmptyOneOpensItAgainAfterAShortPoll) {
  // given
  service_.leave_open = true;
  for (engine::job_key of = 1; of <= 3; ++of) push(of);  // the open poll has the last place
  // when
  clock_.pass(milliseconds(700));
  // then
  EXPECT_EQ(worker_->snapshot().subscriptions.at(0).stream, "paused");
  // when no place comes free for a second
  clock_.pass(milliseconds(450));
  // then
  EXPECT_EQ(gateway_.open(stream_call), 0U);
  EXPECT_EQ(worker_->snapshot().subscriptions.at(0).stream, "closed_full");
  // when
  service_.leave_open = false;
  while (service_.end_open()) clock_.run();
  clock_.pass(seconds(2), milliseconds(10));
  gateway_.end_open(poll_call, says::ok);
  clock_.pass(seconds(1), milliseconds(10));
  // then
  EXPECT_EQ(gateway_.open(stream_call), 1U);
}

TEST_F(JobWorker, AGatewayWithoutUpdateJobTimeoutIsAskedForTheFullLengthByPollsAndStreams) {
  // given
  gateway_.answer("UpdateJobTimeout", {says::no_such_call});
  service_.leave_open = true;
  push(1);
  // when
  clock_.pass(seconds(36), milliseconds(100));
  gateway_.end_open(poll_call, says::ok);
  clock_.pass(seconds(1), milliseconds(10));
  // then
  EXPECT_THAT(gateway_.calls(stream_call), ElementsAre("StreamActivatedJobs timeout=60000",
                                                       "StreamActivatedJobs timeout=1920000"));
  EXPECT_GT(gateway_.request().timeout, connector::longest_call);
}

TEST_F(JobWorker, JobsThatWaitForTheirTurnLeaveTheirSlotsToOthersAndKeepTheirLeases) {
  // given
  service_.limit = true;
  for (engine::job_key of = 1; of <= 3; ++of) push(of);
  EXPECT_EQ(worker_->snapshot().waiting_for_turn, 3U);
  // when
  service_.limit = false;
  push(4);
  clock_.pass(minutes(2), milliseconds(100));
  // then
  EXPECT_EQ(gateway_.count("CompleteJob 4"), 1U);
  EXPECT_GE(gateway_.count("UpdateJobTimeout 1"), 3U);
  // when: all turns come together, and there are two slots
  service_.leave_open = true;
  for (int i = 0; i < 3; ++i) {
    service_.let_begin();
    clock_.run();
  }
  EXPECT_EQ(service_.open(), 2U);
  EXPECT_EQ(worker_->snapshot().waiting_for_turn, 1U);
  service_.end_open();
  clock_.run();
  // then
  EXPECT_EQ(service_.open(), 2U);
  EXPECT_EQ(worker_->snapshot().waiting_for_turn, 0U);
}

}  // namespace
}  // namespace worker::jobs
