// What becomes of another activation of a job that is here (worker/jobs/README.md).
#include "tests/unit/worker/jobs/job_dispatcher_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

using JobDispatcher = job_dispatcher_fixture;

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

}  // namespace
}  // namespace worker::jobs
