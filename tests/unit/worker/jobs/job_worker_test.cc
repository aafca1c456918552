// The worker as a whole, against a scripted engine and connector: what it asks for, what it does
// when the gateway lacks a call, and how it stops (worker/jobs/README.md).
#include "worker/jobs/job_worker.h"

#include "tests/unit/worker/jobs/fake_service.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class JobWorker : public jobs_fixture {
 protected:
  void SetUp() override { begin(settings()); }
  void TearDown() override {
    service_.leave_open = false;
    while (service_.end_open()) clock_.run();
    if (!stopping_) stop();
    gateway_.end_all(says::ok);
    clock_.pass(minutes(2), seconds(1));
    EXPECT_TRUE(stopping_->has_value()) << "the stop has not ended";
    worker_.reset();
    jobs_fixture::TearDown();
  }

  job_worker_settings settings() const {
    job_worker_settings out;
    out.types = {type_};
    out.slots = 2;
    out.activation_timeout = lease_length;
    out.worker_name = "w";
    return out;
  }
  void begin(job_worker_settings settings) {
    worker_ = std::make_unique<job_worker>(
        loop_.get_executor(), job_worker::dependencies{gateway_, service_, resolver_, redaction_},
        std::move(settings), half_);
    worker_->start();
    clock_.run();
  }
  void stop() { stopping_ = start(worker_->stop()); }
  void push(engine::job_key of) {
    ASSERT_TRUE(gateway_.give(stream_call, callable(of)));
    clock_.run();
  }
  std::uint64_t ended(job_end how) const { return worker_->outcomes().total(how); }
  job_worker::leftovers left() const {
    EXPECT_TRUE(stopping_->has_value()) << "the stop has not ended";
    return stopping_->value_or(job_worker::leftovers());
  }

  fake_service service_{loop_.get_executor()};
  secrets::redaction_registry redaction_;
  secrets::resolver resolver_{{}};
  std::unique_ptr<job_worker> worker_;
  ended_t<job_worker::leftovers> stopping_;
};

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

TEST_F(JobWorker, StopsCleanlyAtOnceWhenNothingRuns) {
  // when
  stop();
  clock_.pass(milliseconds(200));
  // then: the stream was read until it was quiet
  EXPECT_TRUE(left().nothing());
  EXPECT_EQ(gateway_.open(poll_call) + gateway_.open(stream_call), 0U);
}

TEST_F(JobWorker, WhatRunsIsFinishedWithinTheDrainTimeAndWhatWaitsGoesBack) {
  // given
  service_.leave_open = true;
  for (engine::job_key of = 1; of <= 3; ++of) push(of);
  // when
  stop();
  clock_.pass(seconds(10), milliseconds(50));
  EXPECT_THAT(gateway_.calls("FailJob"), ElementsAre(StartsWith("FailJob 3 retries=3")));
  EXPECT_FALSE(stopping_->has_value());
  service_.end_open();
  service_.end_open();
  clock_.run();
  // then
  EXPECT_TRUE(left().nothing());
  EXPECT_EQ(ended(job_end::completed), 2U);
  EXPECT_EQ(ended(job_end::released), 1U);
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

TEST_F(JobWorker, JobsThatWaitForTheirTurnGoBackWhenTheWorkerStops) {
  // given
  service_.limit = true;
  for (engine::job_key of = 1; of <= 2; ++of) push(of);
  // when
  stop();
  clock_.pass(seconds(1), milliseconds(50));
  // then: without a back-off, and long before the end of the drain time
  EXPECT_TRUE(left().nothing());
  EXPECT_THAT(gateway_.calls("FailJob"),
              testing::UnorderedElementsAre(StartsWith("FailJob 1 retries=3 backOff=0 CANCELLED"),
                                            StartsWith("FailJob 2 retries=3 backOff=0 CANCELLED")));
}

TEST_F(JobWorker, LeasesAreExtendedWhileJobsAreDrained) {
  // given
  stop();
  clock_.pass(seconds(1), milliseconds(10));
  ASSERT_TRUE(left().nothing());
  auto long_drain = settings();
  long_drain.drain_time = minutes(5);
  begin(std::move(long_drain));
  service_.leave_open = true;
  push(1);
  // when
  stop();
  clock_.pass(minutes(2), milliseconds(100));
  // then
  EXPECT_GE(gateway_.count("UpdateJobTimeout 1"), 4U);
}

TEST_F(JobWorker, ACallThatOutlastsTheDrainTimeIsCutAndItsFailureReportedWhichIsClean) {
  // given
  service_.leave_open = true;
  push(1);
  // when
  stop();
  clock_.pass(seconds(24), milliseconds(100));
  EXPECT_EQ(gateway_.count("FailJob"), 0U);
  clock_.pass(seconds(2), milliseconds(10));
  // then
  EXPECT_THAT(gateway_.calls("FailJob"), ElementsAre(StartsWith("FailJob 1 retries=2")));
  EXPECT_TRUE(left().nothing());
}

TEST_F(JobWorker, ASecondSignalEndsTheDrainTime) {
  // given
  service_.leave_open = true;
  push(1);
  stop();
  clock_.pass(seconds(1), milliseconds(10));
  ASSERT_FALSE(stopping_->has_value());
  // when
  worker_->abort_drain();
  clock_.pass(milliseconds(100));
  // then
  EXPECT_EQ(gateway_.count("FailJob 1"), 1U);
  EXPECT_TRUE(left().nothing());
}

TEST_F(JobWorker, AResultThatTheEngineDoesNotTakeUntilTheEndMakesTheStopUnclean) {
  // given
  gateway_.answer("CompleteJob", {says::lost});
  push(1);
  ASSERT_EQ(gateway_.count("CompleteJob"), 1U);
  // when
  stop();
  clock_.pass(minutes(1), milliseconds(100));
  // then
  EXPECT_EQ(left().undelivered, 1U);
  EXPECT_EQ(left().running, 0U);
  EXPECT_FALSE(left().nothing());
}

TEST_F(JobWorker, AResultThatTheEngineTakesWithinTheDrainTimeIsClean) {
  // given
  gateway_.answer("CompleteJob", {says::lost});
  push(1);
  stop();
  clock_.pass(seconds(10), milliseconds(50));
  // when
  gateway_.answer("CompleteJob", {says::ok});
  clock_.pass(seconds(6), milliseconds(10));
  // then
  EXPECT_TRUE(left().nothing());
  EXPECT_EQ(ended(job_end::completed), 1U);
}

TEST_F(JobWorker, ACommandThatNeverEndsMakesTheStopUncleanAndDoesNotHoldItUp) {
  // given
  gateway_.leave_open("CompleteJob");
  push(1);
  // when
  stop();
  clock_.pass(minutes(1), milliseconds(100));
  // then
  EXPECT_EQ(left().running, 1U);
  EXPECT_FALSE(left().nothing());
}

TEST_F(JobWorker, APollThatDoesNotCloseMakesTheStopUncleanAndDoesNotHoldItUp) {
  // given
  gateway_.ignore_cancellation(poll_call);
  gateway_.end_open(poll_call, says::ok);
  clock_.pass(seconds(1), milliseconds(10));
  ASSERT_EQ(gateway_.open(poll_call), 1U);
  // when
  stop();
  clock_.pass(seconds(20), milliseconds(100));
  // then
  EXPECT_TRUE(left().calls_open);
  EXPECT_EQ(left().running, 0U);
}

}  // namespace
}  // namespace worker::jobs
