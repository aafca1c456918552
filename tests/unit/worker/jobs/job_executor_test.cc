// One job from its inputs to its command: which outcome and which answers of the engine lead to
// which end, and the rules of the marker of atMostOnce (worker/jobs/README.md).
#include "worker/jobs/job_executor.h"

#include <algorithm>

#include "tests/unit/worker/jobs/parts_fixture.h"

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

const std::map<std::string, std::string> at_most_once{{"atMostOnce", "true"}};
const std::string marker_gone = R"("lambdaCall":null)";

class JobExecutor : public parts_fixture {
 protected:
  ended_t<job_end> run(engine::job one) {
    active_ = running(std::move(one));
    return start(executor_.run(active_));
  }
  // The names of the engine's calls, in their order.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& line : gateway_.calls()) out.push_back(line.substr(0, line.find(' ')));
    return out;
  }
  std::string only_failure() const {
    const auto lines = gateway_.calls("FailJob");
    EXPECT_EQ(lines.size(), 1U);
    return lines.empty() ? "" : lines.front();
  }

  active_job_ptr active_;
};

TEST_F(JobExecutor, CompletesWithTheFunctionsAnswerAndWritesNoMarker) {
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::completed);
  EXPECT_THAT(gateway_.calls(),
              ElementsAre(AllOf(StartsWith("CompleteJob 7"), HasSubstr(R"("n":1)"))));
}

struct outcome_row {
  std::string name;
  connector::outcome given;
  std::string then;  // the command begins so
  job_end end;
};

class JobExecutorOutcomes : public JobExecutor, public testing::WithParamInterface<outcome_row> {};

TEST_P(JobExecutorOutcomes, Command) {
  // given
  const auto& given = GetParam();
  service_.outcome = given.given;
  // when
  const auto end = run(callable());
  // then
  ASSERT_EQ(gateway_.calls().size(), 1U);
  EXPECT_THAT(gateway_.calls().front(), StartsWith(given.then));
  EXPECT_EQ(*end, given.end);
}

connector::outcome postponed() {
  auto out = fake_service::failed(error_code::too_many_requests, failure_class::throttled, false);
  out.postponed = seconds(20);
  return out;
}

INSTANTIATE_TEST_SUITE_P(
    Outcomes, JobExecutorOutcomes,
    testing::Values(
        outcome_row{"Answered", fake_service::answered(), "CompleteJob 7", job_end::completed},
        outcome_row{
            "NothingRan",
            fake_service::failed(error_code::service_error, failure_class::not_started, true),
            "FailJob 7 retries=2 backOff=1000 SERVICE_ERROR", job_end::failed},
        outcome_row{"RefusedForGood",
                    fake_service::failed(error_code::not_found, failure_class::permanent, true),
                    "FailJob 7 retries=0 backOff=0 NOT_FOUND", job_end::failed},
        outcome_row{"MayHaveRun",
                    fake_service::failed(error_code::ambiguous, failure_class::ambiguous, true),
                    "FailJob 7 retries=2 backOff=1000 AMBIGUOUS", job_end::failed},
        outcome_row{"PostponedGoesBackAsItCame", postponed(),
                    "FailJob 7 retries=3 backOff=20000 TOO_MANY_REQUESTS", job_end::released}),
    [](const testing::TestParamInfo<outcome_row>& info) { return info.param.name; });

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

// --- expressions

TEST_F(JobExecutor, AnExpressionThatCannotBeReadFailsTheJobBeforeTheCall) {
  const auto end =
      run(callable(key, {{"resultExpression", "={a: }"}, {"errorExpression", "=1 +"}}));
  EXPECT_EQ(*end, job_end::failed);
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=0 backOff=0 EXPRESSION_ERROR: Header "
                                         "'resultExpression' is no FEEL expression, at column 6"));
  EXPECT_THAT(only_failure(), HasSubstr("Header 'errorExpression' is no FEEL"));
}

TEST_F(JobExecutor, AnErrorExpressionThatCanBeReadDecidesAboutTheOtherOne) {
  const auto end = run(callable(
      key, {{"resultExpression", "={a: }"}, {"errorExpression", "=bpmnError(error.code)"}}));
  EXPECT_EQ(*end, job_end::bpmn_error);
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(gateway_.calls(), ElementsAre(StartsWith("ThrowError 7 EXPRESSION_ERROR")));
}

TEST_F(JobExecutor, ExpressionsMakeTheVariablesAndTheEnd) {
  const std::map<std::string, std::string> headers{
      {"resultExpression", "={n: payload.n + 1}"},
      {"errorExpression", "=if error.code = \\\"NOT_FOUND\\\" then ignoreError({n: 0}) else null"}};
  EXPECT_EQ(*run(callable(key, headers)), job_end::completed);
  service_.outcome = fake_service::failed(error_code::not_found, failure_class::permanent, true);
  EXPECT_EQ(*run(callable(key, headers)), job_end::completed);
  EXPECT_THAT(gateway_.calls(),
              ElementsAre(AllOf(StartsWith("CompleteJob 7"), HasSubstr(R"({"n":2})")),
                          AllOf(StartsWith("CompleteJob 7"), HasSubstr(R"({"n":0})"))));
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

TEST_F(JobExecutor, NothingIsSentToLambdaWhenTheLeaseIsAboutToEnd) {
  // given
  active_ = running(callable());
  clock_.skip(lease_length - seconds(1));
  // when
  const auto end = start(executor_.run(active_));
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_EQ(*end, job_end::lapsed);
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(JobExecutor, AResultThatComesAfterTheActivationEndedIsOffered) {
  // given
  service_.leave_open = true;
  const auto end = run(callable());
  clock_.skip(2 * lease_length);
  // when
  service_.end_open();
  clock_.run();
  // then
  EXPECT_EQ(*end, job_end::completed);
  EXPECT_EQ(gateway_.count("CompleteJob"), 1U);
}

TEST_F(JobExecutor, NothingIsSaidOfAJobThatIsGoneWhenItsCallEnds) {
  // given
  service_.leave_open = true;
  const auto end = run(callable());
  // when
  active_->found_gone();
  service_.end_open();
  clock_.run();
  // then
  EXPECT_EQ(*end, job_end::superseded);
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(JobExecutor, ACallThatDidNotStartWhenTheWorkerStoppedGoesBackWithItsRetries) {
  // given
  service_.leave_open = true;
  service_.outcome = fake_service::failed(error_code::cancelled, failure_class::not_started, false);
  const auto end = run(callable());
  // when
  active_->stop();
  service_.end_open();
  clock_.run();
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=0 CANCELLED"));
}

// --- durable names

const std::map<std::string, std::string> durable{{"durable", "true"}};

TEST_F(JobExecutor, ADurableNameIsOfTheClusterAndAskedForOnce) {
  gateway_.cluster_id = "a";
  run(callable(1, durable));
  run(callable(2, durable));
  EXPECT_EQ(gateway_.count("Topology"), 1U);
  EXPECT_THAT(service_.durable_names,
              ElementsAre("job-af63dc4c8601ec8c-1", "job-af63dc4c8601ec8c-2"));
}

TEST_F(JobExecutor, ADurableNameOfAnEngineThatTellsNoClusterIsPlain) {
  run(callable(1, durable));
  EXPECT_THAT(service_.durable_names, ElementsAre("job-1"));
}

TEST_F(JobExecutor, ADurableNameWithAPrefixOfItsOwnNeedsNoCluster) {
  run(callable(1, {{"durable", "true"}, {"durablePrefix", "shop"}}));
  EXPECT_EQ(gateway_.count("Topology"), 0U);
  EXPECT_THAT(service_.durable_names, ElementsAre("shop-1"));
}

TEST_F(JobExecutor, AJobKeepsTheNameThatItBeganWithWhenTheEngineTellsMoreLater) {
  // given: started before the engine told its cluster
  gateway_.cluster_id = "a";
  auto one = callable(1, durable);
  one.variables = R"({"lambdaExecution":{"jobKey":"1","prefix":"job"}})";
  // when
  run(std::move(one));
  // then
  EXPECT_THAT(service_.durable_names, ElementsAre("job-1"));
}

TEST_F(JobExecutor, AJobThatComesBackBringsItsNameAlong) {
  service_.outcome =
      fake_service::failed(error_code::service_error, failure_class::not_started, true);
  run(callable(key, durable));
  EXPECT_THAT(only_failure(), HasSubstr(R"("lambdaExecution":{"jobKey":"7","prefix":"job"})"));
}

TEST_F(JobExecutor, AJobThatIsHandedBackBringsItsNameAlong) {
  service_.leave_open = true;
  service_.outcome = fake_service::failed(error_code::cancelled, failure_class::not_started, false);
  const auto end = run(callable(key, durable));
  active_->stop();
  service_.end_open();
  clock_.run();
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(),
              AllOf(HasSubstr("retries=3 backOff=0 CANCELLED"), HasSubstr(R"("prefix":"job")")));
}

TEST_F(JobExecutor, ADurableJobIsNotStartedUnderAGuessedName) {
  gateway_.answer("Topology", {says::lost, says::ok});
  EXPECT_EQ(*run(callable(key, durable)), job_end::released);
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=1000 CANCELLED"));
  EXPECT_EQ(*run(callable(8, durable)), job_end::completed);
  EXPECT_THAT(service_.durable_names, ElementsAre("job-8"));
}

TEST_F(JobExecutor, APolledExecutionToBeStoppedIsWatchedWhileItsJobIsAway) {
  // given
  service_.outcome = {};
  service_.outcome.result = connector::unfinished{"arn:execution", "it is RUNNING"};
  service_.outcome.sent = true;
  const std::map<std::string, std::string> polled{{"durable", "true"}, {"wait", "poll"}};
  auto stopped = polled;
  stopped.emplace("onCancel", "stop");
  // when
  EXPECT_EQ(*run(callable(1, polled)), job_end::waiting);
  EXPECT_EQ(watch_.size(), 0U);
  EXPECT_EQ(*run(callable(2, stopped)), job_end::waiting);
  // then
  EXPECT_EQ(watch_.size(), 1U);
  // when
  service_.leave_open = true;
  const auto again = run(callable(2, stopped));
  // then
  EXPECT_EQ(watch_.size(), 0U);
  service_.end_open();
  clock_.run();
  EXPECT_EQ(watch_.size(), 1U);
}

// --- limits of the operator

TEST_F(JobExecutor, AJobThatWaitsForItsTurnKeepsNoSlotAndTakesOneToCall) {
  // given
  service_.limit = true;
  const auto slots = capacity_.free_slots();
  const auto end = run(callable());
  EXPECT_EQ(capacity_.free_slots(), slots);
  EXPECT_EQ(waits_.size(), 1U);
  // when
  service_.leave_open = true;
  service_.let_begin();
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(capacity_.free_slots(), slots - 1);
  EXPECT_EQ(waits_.size(), 0U);
  service_.end_open();
  clock_.run();
  EXPECT_EQ(*end, job_end::completed);
}

TEST_F(JobExecutor, AJobWhoseTurnHasComeWaitsForASlotThatIsFree) {
  // given
  service_.limit = true;
  const auto end = run(callable());
  std::vector<capacity::permit> others;
  while (auto slot = capacity_.take_slot(0)) others.push_back(*std::move(slot));
  // when
  service_.let_begin();
  clock_.run();
  EXPECT_THAT(service_.called, IsEmpty());
  waits_.serve();
  clock_.run();
  EXPECT_THAT(service_.called, IsEmpty());
  others.pop_back();
  waits_.serve();
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(*end, job_end::completed);
}

TEST_F(JobExecutor, AJobOverALimitGoesBackAsItCameAndTheMessageIsNoError) {
  // given
  service_.outcome = fake_service::postponed();
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=20000 WAITING: "));
}

TEST_F(JobExecutor, NoJobWaitsForItsTurnWhileTheByteBudgetIsUsedUp) {
  // given
  service_.limit = true;
  const auto bytes = capacity_.charge_bytes(2 << 20);
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=20000 WAITING: "));
}

TEST_F(JobExecutor, TheMarkerIsWrittenWhenTheTurnHasCome) {
  // given
  service_.limit = true;
  const auto end = run(callable(key, at_most_once));
  EXPECT_THAT(gateway_.calls(), IsEmpty());
  // when
  service_.let_begin();
  clock_.run();
  // then
  EXPECT_THAT(names(), ElementsAre("SetVariables", "CompleteJob"));
  EXPECT_EQ(*end, job_end::completed);
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

TEST_F(JobExecutor, ABugFailsOneJobAndTellsNothingOfItself) {
  // given
  service_.throws = true;
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::failed);
  EXPECT_THAT(only_failure(), AllOf(StartsWith("FailJob 7 retries=2 backOff=0 UNKNOWN_ERROR"),
                                    Not(HasSubstr("a bug of the test"))));
}

TEST_F(JobExecutor, AKindThatThisVersionDoesNotKnowIsRefusedWithoutACall) {
  // given
  auto one = callable();
  one.kind = engine::job_kind::unknown;
  one.kind_number = 9;
  // when
  run(std::move(one));
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), AllOf(HasSubstr("retries=0"), HasSubstr("number 9")));
}

TEST_F(JobExecutor, ATaskThatCannotBeReadIsRefusedWithoutACall) {
  // given
  auto one = callable();
  one.headers = "no JSON";
  // when
  run(std::move(one));
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), HasSubstr("retries=0 backOff=0 INVALID_INPUT"));
}

// It is text, which may be meant, so the function is called; a failure says what to write.
TEST_F(JobExecutor, ATextThatOnlyLooksLikeAReferenceIsToldWhenTheCallFails) {
  // given
  service_.outcome = fake_service::failed(error_code::forbidden, failure_class::permanent, true);
  const auto one = callable(key, {{"payload", "Bearer {{secret.API_KEY}}"}});
  // when
  run(one);
  // then
  EXPECT_THAT(
      only_failure(),
      HasSubstr("The custom header payload holds {{secret.API_KEY}}, which is text and names "
                "no secret: write {{secrets.API_KEY}} if a secret is meant."));
}

TEST_F(JobExecutor, AMisspeltHeaderIsToldWhenTheJobFails) {
  // given
  service_.outcome = fake_service::failed(error_code::forbidden, failure_class::permanent, true);
  // when
  run(callable(key, {{"onFunctionEror", "fail"}}));
  // then
  EXPECT_THAT(only_failure(),
              HasSubstr("The task has a custom header 'onFunctionEror', which has no "
                        "effect. Did you mean 'onFunctionError'?"));
}

TEST_F(JobExecutor, ATextThatOnlyLooksLikeAReferenceIsNoKey) {
  // given
  const auto one = callable(key, {{"authentication.type", "static"},
                                  {"authentication.accessKeyId", "AKIDEXAMPLE"},
                                  {"authentication.secretAccessKey", "{{secret.AWS_KEY}}"}});
  // when
  run(one);
  // then
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(),
              AllOf(HasSubstr("retries=0 backOff=0 INVALID_INPUT: The custom header "
                              "authentication.secretAccessKey holds {{secret.AWS_KEY}}"),
                    HasSubstr("{{secrets.AWS_KEY}}")));
}

}  // namespace
}  // namespace worker::jobs
