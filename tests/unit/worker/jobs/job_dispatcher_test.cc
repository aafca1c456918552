// What becomes of a job that arrives: it runs, waits, renews one that is here, or goes back
// (worker/jobs/README.md).
#include "worker/jobs/job_dispatcher.h"

#include "tests/unit/worker/jobs/parts_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

class JobDispatcher : public parts_fixture {
 protected:
  void TearDown() override {
    dispatcher_.stop();
    dispatcher_.release_queued();
    parts_fixture::TearDown();
  }

  void push(engine::job_key of) {
    dispatcher_.arrive(pushed(callable(of)));
    clock_.run();
  }
  // Four run, and stay open.
  void use_all_slots() {
    service_.leave_open = true;
    for (engine::job_key of = 1; of <= 4; ++of) push(of);
    ASSERT_EQ(service_.open(), 4U);
  }
  // The oldest call ends, and what came free is used.
  void end_one() {
    ASSERT_TRUE(service_.end_open());
    clock_.run();
    dispatcher_.dispatch();
    clock_.run();
  }
};

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

TEST_F(JobDispatcher, AJobThatIsActivatedAgainWhileItRunsIsNotRunTwiceAndItsLeaseIsRenewed) {
  // given
  service_.leave_open = true;
  push(1);
  clock_.pass(seconds(50), seconds(1));
  // when
  auto again = callable(1);
  again.retries = 2;
  dispatcher_.arrive(pushed(std::move(again)));
  clock_.run();
  // then
  EXPECT_EQ(service_.called.size(), 1U);
  const auto active = jobs_.at(1);
  EXPECT_EQ(active->current_lease().expires, boot_clock::now() + lease_length);
  EXPECT_EQ(active->job().retries, 2);
  // when
  service_.end_open();
  clock_.run();
  // then
  EXPECT_EQ(gateway_.count("CompleteJob"), 1U);
  EXPECT_EQ(ended(job_end::completed), 1U);
}

TEST_F(JobDispatcher, AJobThatIsActivatedAgainWhileItWaitsHasTheVariablesOfTheLatestActivation) {
  // given
  use_all_slots();
  dispatcher_.arrive(pushed(callable(5, {{"atMostOnce", "true"}})));
  clock_.run();
  // when: another worker wrote its marker meanwhile
  auto again = callable(5, {{"atMostOnce", "true"}});
  again.variables = R"({"lambdaCall":{"jobKey":"5"}})";
  dispatcher_.arrive(pushed(std::move(again)));
  clock_.run();
  end_one();
  // then
  EXPECT_THAT(service_.called, testing::Not(testing::Contains("5")));
  EXPECT_THAT(gateway_.calls("FailJob"), ElementsAre(StartsWith("FailJob 5 retries=0")));
}

TEST_F(JobDispatcher, ARetryThatOvertookTheAnswerToItsFailureRunsWhenTheFirstHasEnded) {
  // given: the engine has failed the job, and its answer is still on the way
  gateway_.leave_open("FailJob");
  service_.outcome = fake_service::failed(connector::error_code::service_error,
                                          connector::failure_class::not_started, true);
  push(1);
  ASSERT_EQ(gateway_.count("FailJob"), 1U);
  // when
  service_.outcome = fake_service::answered();
  push(1);
  EXPECT_EQ(service_.called.size(), 1U);
  gateway_.end_open("FailJob", says::ok);
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("1", "1"));
  EXPECT_EQ(ended(job_end::failed), 1U);
  EXPECT_EQ(ended(job_end::completed), 1U);
}

TEST_F(JobDispatcher, ARetryOfAJobThatIsGoneIsNotRun) {
  // given
  gateway_.leave_open("FailJob");
  service_.outcome = fake_service::failed(connector::error_code::service_error,
                                          connector::failure_class::not_started, true);
  push(1);
  push(1);
  // when
  gateway_.end_open("FailJob", says::gone);
  clock_.run();
  // then
  EXPECT_EQ(service_.called.size(), 1U);
  EXPECT_EQ(ended(job_end::superseded), 2U);
}

engine::job leased(engine::job of, const std::string& token) {
  of.lease_token = token;
  return of;
}

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

struct second_activation {
  std::string name;
  std::string headers;    // one custom header, or none
  engine::status answer;  // to the first run's command
  milliseconds later;     // when the second activation arrives
  bool runs;
};

class JobDispatcherTable : public JobDispatcher,
                           public testing::WithParamInterface<second_activation> {};

// The engine gave the job out again, and then took the end of its first run.
TEST_P(JobDispatcherTable, ActivationThatItsEndOvertook) {
  // given
  const auto& given = GetParam();
  gateway_.answer("CompleteJob", {given.answer});
  gateway_.answer("ThrowError", {given.answer});
  if (given.headers == "bpmnErrors") {
    service_.outcome = fake_service::failed(connector::error_code::not_found,
                                            connector::failure_class::permanent, true);
  }
  const auto one = given.headers.empty() ? callable(1) : callable(1, {{given.headers, "*"}});
  dispatcher_.arrive(pushed(one));
  clock_.run();
  ASSERT_EQ(service_.called.size(), 1U);
  // when
  clock_.pass(given.later, milliseconds(100));
  dispatcher_.arrive(pushed(one));
  clock_.run();
  // then
  EXPECT_EQ(service_.called.size(), given.runs ? 2U : 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Overtaken, JobDispatcherTable,
    testing::Values(
        second_activation{"AtOnceIsNotRun", "", says::ok, milliseconds(0), false},
        second_activation{"WithinTenSecondsIsNotRun", "", says::ok, milliseconds(9'900), false},
        second_activation{"MuchLaterRuns", "", says::ok, milliseconds(21'000), true},
        second_activation{"OfAJobThatIsGoneIsNotRun", "", says::gone, milliseconds(5000), false},
        second_activation{"OfAJobWhoseLeaseAnotherHeldRuns", "", says::fenced, milliseconds(0),
                          true},
        second_activation{"AtOnceAfterAThrownErrorIsNotRun", "bpmnErrors", says::ok,
                          milliseconds(0), false},
        second_activation{"ASecondAfterAThrownErrorRuns", "bpmnErrors", says::ok,
                          milliseconds(1100), true}),
    [](const testing::TestParamInfo<second_activation>& info) { return info.param.name; });

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
