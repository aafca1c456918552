// The rules of the marker of atMostOnce (worker/jobs/README.md): the function runs once, or not at
// all.
#include "tests/unit/worker/jobs/job_executor_fixture.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string marker_gone = R"("lambdaCall":null)";

using JobExecutor = job_executor_fixture;

TEST_F(JobExecutor, TheMarkerIsWrittenBeforeTheCall) {
  // given: an engine that has not answered yet
  gateway_.leave_open("SetVariables");
  const auto end = run(callable(key, at_most_once));
  EXPECT_THAT(gateway_.calls(),
              ElementsAre(AllOf(StartsWith("SetVariables 107"), HasSubstr(R"("lambdaCall":{)"))));
  EXPECT_THAT(service_.called, IsEmpty());
  // when
  gateway_.end_open("SetVariables", says::ok);
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(*end, job_end::completed);
}

struct marker_row {
  std::string name;
  engine::status when;  // the answer to each SetVariables
  bool called;          // the function
  std::string then;     // the command begins so; empty: none
  bool takes_marker_back;
  job_end end;
};

class JobExecutorMarker : public JobExecutor, public testing::WithParamInterface<marker_row> {};

TEST_P(JobExecutorMarker, AnswerToTheMarker) {
  // given
  const auto& given = GetParam();
  gateway_.answer("SetVariables", {given.when});
  // when
  const auto end = run(callable(key, at_most_once));
  clock_.pass(seconds(15), milliseconds(50));
  // then
  EXPECT_EQ(service_.called.size(), given.called ? 1U : 0U);
  ASSERT_TRUE(end->has_value());
  EXPECT_EQ(**end, given.end);
  std::vector<std::string> commands = gateway_.calls();
  std::erase_if(commands, [](const auto& line) { return line.starts_with("SetVariables"); });
  if (given.then.empty()) {
    EXPECT_THAT(commands, IsEmpty());
    return;
  }
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_THAT(commands.front(), StartsWith(given.then));
  EXPECT_EQ(commands.front().find(marker_gone) != std::string::npos, given.takes_marker_back);
}

const engine::status no_permission{engine::status_code::permission_denied, "not authorized"};

INSTANTIATE_TEST_SUITE_P(
    Answers, JobExecutorMarker,
    testing::Values(
        marker_row{"TakenIsCalled", says::ok, true, "CompleteJob", false, job_end::completed},
        marker_row{"BusyForTenSecondsGoesBackWithABackOff", says::busy, false,
                   "FailJob 7 retries=3 backOff=1000 SERVICE_UNAVAILABLE", true, job_end::released},
        marker_row{"LostForTenSecondsGoesBackWithABackOff", says::lost, false,
                   "FailJob 7 retries=3 backOff=1000 SERVICE_UNAVAILABLE", true, job_end::released},
        marker_row{"RefusedFailsTheJob", says::refused, false,
                   "FailJob 7 retries=2 backOff=1000 SERVICE_ERROR: The marker of atMostOnce", true,
                   job_end::failed},
        marker_row{"WithoutPermissionFailsTheJob", no_permission, false,
                   "FailJob 7 retries=2 backOff=1000 SERVICE_ERROR: The marker of atMostOnce", true,
                   job_end::failed},
        marker_row{"GoneIsSuperseded", says::gone, false, "", false, job_end::superseded}),
    [](const testing::TestParamInfo<marker_row>& info) { return info.param.name; });

TEST_F(JobExecutor, AMarkerOfAnEarlierActivationForbidsTheCall) {
  // given
  auto one = callable(key, at_most_once);
  one.variables = R"({"lambdaCall":{"jobKey":"7"}})";
  // when
  const auto end = run(std::move(one));
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), AllOf(StartsWith("FailJob 7 retries=0 backOff=0 AMBIGUOUS"),
                                    Not(HasSubstr(marker_gone))));
  EXPECT_EQ(*end, job_end::failed);
}

TEST_F(JobExecutor, InputsAreCheckedBeforeTheMarkerIsWritten) {
  // given
  service_.refusal = connector::bad_input("The input 'region' is no region.");
  // when
  run(callable(key, at_most_once));
  // then
  EXPECT_THAT(names(), ElementsAre("FailJob"));
  EXPECT_THAT(only_failure(), HasSubstr("INVALID_INPUT"));
}

TEST_F(JobExecutor, AJobThatWasActivatedAgainSinceItsVariablesWereReadIsNotCalled) {
  // given
  gateway_.leave_open("SetVariables");
  const auto end = run(callable(key, at_most_once));
  // when: another worker may have run it between the two activations
  activate_again(*active_);
  gateway_.end_open("SetVariables", says::ok);
  clock_.run();
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_EQ(*end, job_end::lapsed);
}

TEST_F(JobExecutor, AMarkerThatWasWrittenTooLateIsTakenBack) {
  // given: the answer comes within the margin before the end of the lease
  gateway_.leave_open("SetVariables");
  const auto end = run(callable(key, at_most_once));
  clock_.skip(lease_length - seconds(1));
  // when
  gateway_.end_open("SetVariables", says::ok);
  clock_.run();
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), HasSubstr(marker_gone));
  EXPECT_EQ(*end, job_end::released);
}

TEST_F(JobExecutor, AMarkerThatIsTriedWhenTheWorkerStopsIsTakenBack) {
  // given
  gateway_.answer("SetVariables", {says::busy});
  const auto end = run(callable(key, at_most_once));
  clock_.pass(seconds(1), milliseconds(10));
  ASSERT_FALSE(end->has_value());
  // when
  active_->stop();
  clock_.run();
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(),
              AllOf(StartsWith("FailJob 7 retries=3 backOff=0 CANCELLED"), HasSubstr(marker_gone)));
}

TEST_F(JobExecutor, ACommandThatTakesTheMarkerBackIsSentOnce) {
  // given
  service_.outcome =
      fake_service::failed(error_code::service_error, failure_class::not_started, true);
  gateway_.answer("FailJob", {says::lost});
  // when
  const auto end = run(callable(key, at_most_once));
  clock_.pass(seconds(10), milliseconds(10));
  // then
  EXPECT_THAT(only_failure(), HasSubstr(marker_gone));
  EXPECT_EQ(*end, job_end::undelivered);
}

TEST_F(JobExecutor, TheMarkerStaysWhenTheFunctionMayHaveRun) {
  // given
  service_.outcome = fake_service::failed(error_code::ambiguous, failure_class::ambiguous, true);
  // when
  const auto end = run(callable(key, at_most_once));
  // then
  EXPECT_THAT(only_failure(), AllOf(StartsWith("FailJob 7 retries=0 backOff=0 AMBIGUOUS"),
                                    Not(HasSubstr(marker_gone))));
  EXPECT_EQ(*end, job_end::failed);
}

TEST_F(JobExecutor, AJobOfAtMostOnceThatGoesBackOverALimitHadNoMarker) {
  // given
  service_.limit = true;
  waits_.stop();
  // when
  const auto end = run(callable(key, at_most_once));
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(names(), ElementsAre("FailJob"));
  EXPECT_THAT(only_failure(), Not(HasSubstr("lambdaCall")));
}

}  // namespace
}  // namespace worker::jobs
