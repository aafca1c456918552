// How the worker stops: what it finishes, what goes back, and what makes the stop unclean.
#include "tests/unit/worker/jobs/job_worker_fixture.h"

namespace worker::jobs {
namespace {

using testing::StartsWith;

using JobWorkerStop = job_worker_fixture;

TEST_F(JobWorkerStop, StopsCleanlyAtOnceWhenNothingRuns) {
  // when
  stop();
  clock_.pass(milliseconds(200));
  // then: the stream was read until it was quiet
  EXPECT_TRUE(left().nothing());
  EXPECT_EQ(gateway_.open(poll_call) + gateway_.open(stream_call), 0U);
}

TEST_F(JobWorkerStop, WhatRunsIsFinishedWithinTheDrainTimeAndWhatWaitsGoesBack) {
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

TEST_F(JobWorkerStop, JobsThatWaitForTheirTurnGoBackWhenTheWorkerStops) {
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

TEST_F(JobWorkerStop, LeasesAreExtendedWhileJobsAreDrained) {
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

TEST_F(JobWorkerStop, ACallThatOutlastsTheDrainTimeIsCutAndItsFailureReportedWhichIsClean) {
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

TEST_F(JobWorkerStop, ASecondSignalEndsTheDrainTime) {
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

TEST_F(JobWorkerStop, AResultThatTheEngineDoesNotTakeUntilTheEndMakesTheStopUnclean) {
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

TEST_F(JobWorkerStop, AResultThatTheEngineTakesWithinTheDrainTimeIsClean) {
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

TEST_F(JobWorkerStop, ACommandThatNeverEndsMakesTheStopUncleanAndDoesNotHoldItUp) {
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

// Commands may take five minutes, and the platform kills ten seconds after the drain time.
class JobWorkerStopInTime : public JobWorkerStop {
 protected:
  void SetUp() override {
    auto patient = settings();
    patient.commands.command_limit = minutes(5);
    begin(std::move(patient));
  }
};

TEST_F(JobWorkerStopInTime, ACommandThatBeginsAfterTheDrainTimeMayNotTakeLonger) {
  // given
  gateway_.leave_open("FailJob");
  service_.leave_open = true;
  push(1);
  // when
  stop();
  clock_.pass(milliseconds(25'100), milliseconds(10));
  // then
  ASSERT_EQ(gateway_.count("FailJob"), 1U);
  EXPECT_GT(gateway_.limit_of("FailJob"), seconds(6));
  EXPECT_LT(gateway_.limit_of("FailJob"), seconds(7));
}

TEST_F(JobWorkerStopInTime, ACommandThatBeganBeforeIsLeft) {
  // given
  gateway_.leave_open("CompleteJob");
  push(1);
  ASSERT_EQ(gateway_.limit_of("CompleteJob"), minutes(5));
  // when
  stop();
  clock_.pass(seconds(25 + 9), milliseconds(10));
  // then
  EXPECT_EQ(left().running, 1U);
}

TEST_F(JobWorkerStopInTime, AfterASecondSignalTheSameCountsFromThere) {
  // given
  gateway_.leave_open("FailJob");
  service_.leave_open = true;
  push(1);
  stop();
  clock_.pass(seconds(1), milliseconds(10));
  // when
  worker_->abort_drain();
  clock_.pass(milliseconds(100));
  // then
  ASSERT_EQ(gateway_.count("FailJob"), 1U);
  EXPECT_LT(gateway_.limit_of("FailJob"), seconds(7));
  clock_.pass(seconds(9), milliseconds(10));
  EXPECT_EQ(left().running, 1U);
}

TEST_F(JobWorkerStopInTime, ASecondSignalAfterTheDrainTimeGivesNoMore) {
  // given
  gateway_.leave_open("FailJob");
  service_.leave_open = true;
  push(1);
  stop();
  clock_.pass(seconds(25 + 3), milliseconds(10));
  // when
  worker_->abort_drain();
  clock_.pass(seconds(6), milliseconds(10));
  // then
  EXPECT_EQ(left().running, 1U);
}

TEST_F(JobWorkerStop, APollThatDoesNotCloseMakesTheStopUncleanAndDoesNotHoldItUp) {
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
