// One job from its inputs to its command: which outcome and which answers of the engine lead to
// which end (worker/jobs/README.md).
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

using JobExecutor = job_executor_fixture;

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
