// What becomes of a job that arrives: it runs, waits, or goes back (worker/jobs/README.md).
#include "tests/unit/worker/jobs/job_dispatcher_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

using JobDispatcher = job_dispatcher_fixture;

TEST_F(JobDispatcher, AJobRunsAtOnceWhenASlotIsFree) {
  // when
  push(1);
  // then
  EXPECT_THAT(service_.called, ElementsAre("1"));
  EXPECT_EQ(ended(job_end::completed), 1U);
  EXPECT_EQ(capacity_.free_slots(), 4U);
}

TEST_F(JobDispatcher, WaitsAndRunsAreTimedByTypeTemplateAndFunction) {
  // given: four run, and one waits for a second
  service_.leave_open = true;
  for (engine::job_key of = 1; of <= 5; ++of) {
    dispatcher_.arrive(
        pushed(callable(of, {{"elementTemplateId", "invoke"}, {"elementTemplateVersion", "3"}})));
    clock_.run();
  }
  clock_.pass(seconds(1), seconds(1));
  // when
  for (int ended = 0; ended < 5; ++ended) end_one();
  // then
  const auto& waited = times_.by_type().at(type_.name).waited;
  EXPECT_EQ(waited.count, 5U);
  EXPECT_DOUBLE_EQ(waited.seconds, 1.0);
  const auto& runs = times_.by_template().at({type_.name, "invoke", "3"});
  EXPECT_EQ(runs.activated, 5U);
  EXPECT_EQ(runs.completed, 5U);
  EXPECT_DOUBLE_EQ(runs.seconds, 4.0);
  EXPECT_EQ(times_.by_function().at("orders").count, 5U);
}

// Another worker may have called meanwhile.
TEST_F(JobDispatcher, AJobThatLayInASocketWhileTheMachineSleptIsNotRun) {
  still_.tick(boot_clock::now());
  clock_.skip(minutes(10));
  push(1);
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(gateway_.calls(), IsEmpty());
  EXPECT_EQ(ended(job_end::lapsed), 1U);
}

TEST_F(JobDispatcher, AJobWaitsForASlotAndThenRuns) {
  // given
  use_all_slots();
  // when
  push(5);
  EXPECT_EQ(dispatcher_.queued(), 1U);
  EXPECT_EQ(service_.called.size(), 4U);
  end_one();
  // then
  EXPECT_EQ(dispatcher_.queued(), 0U);
  EXPECT_EQ(service_.called.back(), "5");
}

TEST_F(JobDispatcher, WaitingJobsRunInTheOrderOfTheirArrivalAndNoneOvertakesThem) {
  // given: a slot comes free and is not used yet
  use_all_slots();
  push(5);
  ASSERT_TRUE(service_.end_open());
  clock_.run();
  // when
  push(6);
  dispatcher_.dispatch();
  clock_.run();
  // then
  EXPECT_EQ(service_.called.back(), "5");
  EXPECT_EQ(dispatcher_.queued(), 1U);
}

TEST_F(JobDispatcher, WhatFitsNowhereIsKeptAsideAndGoesBackWithItsRetriesWhenItMay) {
  // given
  use_all_slots();
  for (engine::job_key of = 5; of <= 8; ++of) push(of);
  ASSERT_THAT(full_, ElementsAre("call"));  // by the last place
  // when
  push(9);
  // then
  EXPECT_THAT(set_aside_, ElementsAre("call"));
  EXPECT_TRUE(dispatcher_.anything_to_release());
  EXPECT_THAT(gateway_.calls(), IsEmpty());
  // when
  dispatcher_.release_set_aside();
  clock_.run();
  // then
  EXPECT_THAT(gateway_.calls(), ElementsAre(StartsWith("FailJob 9 retries=3 backOff=0 CANCELLED")));
  EXPECT_EQ(ended(job_end::released), 1U);
  EXPECT_FALSE(dispatcher_.anything_to_release());
}

TEST_F(JobDispatcher, AJobWithoutRetriesGoesBackWithOneSoThatNoIncidentIsRaised) {
  // given
  auto one = callable(1);
  one.retries = 0;
  // when
  dispatcher_.release_unrequested(polled(std::move(one)));
  clock_.run();
  // then
  EXPECT_THAT(gateway_.calls(), ElementsAre(StartsWith("FailJob 1 retries=1 backOff=0 CANCELLED")));
}

TEST_F(JobDispatcher, AtMostThirtyTwoJobsGoBackAtATime) {
  // given
  gateway_.leave_open("FailJob");
  for (engine::job_key of = 1; of <= 40; ++of) {
    dispatcher_.release_unrequested({callable(of), &type_, lease_length, boot_clock::now(), true});
  }
  // when
  clock_.run();
  EXPECT_EQ(gateway_.count("FailJob"), 32U);
  gateway_.end_open("FailJob", says::ok);
  clock_.run();
  // then
  EXPECT_EQ(gateway_.count("FailJob"), 33U);
  gateway_.leave_open("FailJob", false);
  gateway_.end_all(says::ok);
  clock_.run();
  EXPECT_EQ(ended(job_end::released), 40U);
}

TEST_F(JobDispatcher, AJobWhoseActivationEndedWhileItWaitedIsNotRun) {
  // given
  use_all_slots();
  dispatcher_.arrive(pushed(callable(5, {{"atMostOnce", "true"}})));
  clock_.run();
  // when: less than the margin is left of the lease
  clock_.skip(lease_length - seconds(1));
  end_one();
  // then
  EXPECT_EQ(ended(job_end::lapsed), 1U);
  EXPECT_EQ(service_.called.size(), 4U);
  EXPECT_EQ(gateway_.count("SetVariables"), 0U) << "no marker is left behind";
  EXPECT_EQ(gateway_.count("FailJob"), 0U);
}

TEST_F(JobDispatcher, AJobThatIsGoneWhileItWaitedIsNotRun) {
  // given
  use_all_slots();
  push(5);
  // when
  jobs_.at(5)->found_gone();
  end_one();
  // then
  EXPECT_EQ(ended(job_end::superseded), 1U);
  EXPECT_EQ(service_.called.size(), 4U);
}

TEST_F(JobDispatcher, AfterTheStopNothingIsStartedAndWhatWaitsGoesBack) {
  // given
  use_all_slots();
  push(5);
  // when
  dispatcher_.stop();
  push(6);
  end_one();
  EXPECT_EQ(service_.called.size(), 4U);
  dispatcher_.release_queued();
  clock_.run();
  // then
  EXPECT_THAT(gateway_.calls("FailJob"),
              ElementsAre(StartsWith("FailJob 5 retries=3"), StartsWith("FailJob 6 retries=3")));
  EXPECT_EQ(ended(job_end::released), 2U);
}

TEST_F(JobDispatcher, AStoppingWorkerMayReleaseWhatRuns) {
  // given
  service_.leave_open = true;
  push(1);
  EXPECT_FALSE(dispatcher_.anything_to_release());
  // when
  dispatcher_.stop();
  // then
  EXPECT_TRUE(dispatcher_.anything_to_release());
  ASSERT_TRUE(service_.end_open());
  clock_.run();
  EXPECT_FALSE(dispatcher_.anything_to_release());
}

TEST_F(JobDispatcher, OverTheByteBudgetPushedJobsAreKeptAsideAndPolledOnesTaken) {
  // given
  const auto used = capacity_.charge_bytes(1 << 20);
  ASSERT_TRUE(capacity_.over_budget());
  // when
  push(1);
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_TRUE(dispatcher_.anything_to_release());
  EXPECT_FALSE(dispatcher_.may_set_aside());
  // when
  dispatcher_.arrive(polled(callable(2)));
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("2"));
}

TEST_F(JobDispatcher, APolledJobReturnsItsReservedPlaceWhenItRuns) {
  // when
  service_.leave_open = true;
  dispatcher_.arrive(polled(callable(1)));
  clock_.run();
  // then
  EXPECT_EQ(service_.open(), 1U);
  EXPECT_EQ(capacity_.free_queue_places(), 4U);
}

}  // namespace
}  // namespace worker::jobs
