// How jobs end by errorExpression and by a retryBackoff that is an expression.
#include "tests/unit/worker/jobs/expression_ends.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;
using std::chrono::seconds;

using ErrorExpressionEnds = expression_ends;

TEST_F(ErrorExpressionEnds, TheErrorExpressionIsLookedAtFirst) {
  const headers all{
      {"errorExpression", R"(=if error.type = "OrderNotFound" then )"
                          R"(bpmnError("ORDER", error.message, {d: payload.d}) else null)"},
      {"bpmnErrors", "*"},
      {"onError", "complete"}};
  EXPECT_EQ(text(function_failed(), all), R"(throw ORDER no such order {"d":1.10})");
  // It leaves others to the next rules.
  EXPECT_EQ(text(function_failed("Other"), all).find("throw Other "), 0U);
  EXPECT_EQ(text(call_failed(error_code::not_found, failure_class::permanent), all)
                .find("throw NOT_FOUND "),
            0U);
  EXPECT_EQ(text(answered(), all).find(R"(complete {"statusCode":200)"), 0U);
}

TEST_F(ErrorExpressionEnds, TheErrorExpressionSeesTheRawResponseOfASuccessToo) {
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=if payload.state = "declined" then )"
                                                  R"(bpmnError("DECLINED", "no") else null)"},
                              {"resultExpression", "={v: 1}"}}),
            "throw DECLINED no {}");
}

TEST_F(ErrorExpressionEnds, TheErrorExpressionSeesCodesOfCallsThatFailed) {
  const headers by_code{
      {"errorExpression",
       R"(=if error.code = "AMBIGUOUS" then bpmnError("UNKNOWN", "it may have run"))"
       R"( else if error.code = "TOO_MANY_REQUESTS" then )"
       R"(jobError("busy", {}, job.retries, @"PT1M") else null)"}};
  EXPECT_EQ(text(call_failed(error_code::ambiguous, failure_class::ambiguous), by_code),
            "throw UNKNOWN it may have run {}");
  EXPECT_EQ(text(call_failed(error_code::too_many_requests, failure_class::throttled), by_code),
            R"(fail 3 60000 busy {"lambdaAttempt":1})");
  EXPECT_EQ(text(call_failed(error_code::service_error, failure_class::not_started), by_code)
                .find("fail 2 1000 SERVICE_ERROR: "),
            0U);
}

TEST_F(ErrorExpressionEnds, JobErrorHasTheRetriesAndTheBackOffThatItNames) {
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=jobError("m"))"}}),
            R"(fail 0 0 m {"lambdaAttempt":1})");
  EXPECT_TRUE(failure(answered(), {{"errorExpression", R"(=jobError("m"))"}}).message_of_model);
  // A back-off belongs to retries.
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=jobError("m", {}, 0, @"PT5S"))"}}),
            R"(fail 0 0 m {"lambdaAttempt":1})");
  job_.attempt = 2;
  EXPECT_EQ(text(answered(), {{"errorExpression",
                               R"(=jobError("m", {a: job.attempt}, job.retries - 1, @"PT5S"))"}}),
            R"(fail 2 5000 m {"a":3,"lambdaAttempt":3})");
  // What the service asked for is the least.
  auto busy = call_failed(error_code::too_many_requests, failure_class::throttled);
  std::get<connector::error>(busy.result).retry_after = seconds(90);
  EXPECT_EQ(text(busy, {{"errorExpression", R"(=jobError("m", {}, 1, @"PT5S"))"}}),
            R"(fail 1 90000 m {"lambdaAttempt":3})");
}

TEST_F(ErrorExpressionEnds, JobErrorDoesNotCallAgainWhatAtMostOnceForbids) {
  job_.at_most_once_marker = true;
  const headers again{{"errorExpression", R"(=jobError("m", {}, 2))"}, {"atMostOnce", "true"}};
  const auto ran = failure(answered(), again);
  EXPECT_EQ(ran.retries, 0);
  EXPECT_NE(ran.message.find("atMostOnce"), std::string::npos);
  EXPECT_FALSE(ran.send_once);
  EXPECT_EQ(failure(call_failed(error_code::ambiguous, failure_class::ambiguous), again).retries,
            0);
  // Where nothing ran, the marker goes and the retries stay.
  const auto not_run = failure(call_failed(error_code::not_found, failure_class::permanent), again);
  EXPECT_EQ(not_run.retries, 2);
  EXPECT_EQ(not_run.variables, R"({"lambdaAttempt":1,"lambdaCall":null})");
  EXPECT_TRUE(not_run.send_once);
}

TEST_F(ErrorExpressionEnds, VariablesOfAModelCannotStandForOurMarkerOrCount) {
  const auto failing = failure(call_failed(error_code::ambiguous, failure_class::ambiguous),
                               {{"errorExpression", R"(=jobError("m", {lambdaAttempt: 500}, 1))"}});
  EXPECT_EQ(failing.variables, R"({"lambdaAttempt":1})");
}

TEST_F(ErrorExpressionEnds, AJobErrorHasTheVariableErrorThatTheModelGives) {
  const headers given{{"errorExpression", R"(=jobError("m", {error: {a: 1}}))"}};
  EXPECT_EQ(text(answered(), given), R"(fail 0 0 m {"error":{"a":1},"lambdaAttempt":1})");
}

TEST_F(ErrorExpressionEnds, IgnoreErrorCompletesWithItsVariablesAlone) {
  const headers ignored{
      {"errorExpression", R"(=if error != null then ignoreError({ok: false}) else null)"},
      {"resultVariable", "r"}};
  auto done = completed(function_failed(), ignored);
  EXPECT_EQ(done.variables, R"({"ok":false})");
  EXPECT_TRUE(done.may_have_run);
  done = completed(call_failed(error_code::not_found, failure_class::permanent), ignored);
  EXPECT_EQ(done.variables, R"({"ok":false})");
  EXPECT_FALSE(done.may_have_run);
}

TEST_F(ErrorExpressionEnds, AListenerNeverThrows) {
  const headers thrown{{"errorExpression", R"(=bpmnError("ORDER", "m"))"}};
  for (const auto kind : {engine::job_kind::execution_listener, engine::job_kind::task_listener}) {
    job_.kind = kind;
    const auto failing = failure(function_failed(), thrown);
    EXPECT_EQ(failing.retries, 2);
    EXPECT_EQ(failing.message.find("ORDER: m It is not thrown as a BPMN error, because"), 0U)
        << failing.message;
    EXPECT_EQ(failure(answered(), thrown).retries, 0) << "a call that succeeded is not repeated";
  }
  EXPECT_EQ(text(function_failed(), {{"errorExpression", "=ignoreError({a: 1})"}}), "complete ");
}

TEST_F(ErrorExpressionEnds, AnErrorExpressionThatFailsKeepsTheRetriesOfAPlainFailure) {
  const headers fails{{"errorExpression", R"(=bpmnError(error.code, error.missing))"},
                      {"bpmnErrors", "*"},
                      {"retryBackoff", "PT7S"}};
  auto failing = failure(call_failed(error_code::service_error, failure_class::not_started), fails);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_EQ(failing.back_off, seconds(7));
  EXPECT_EQ(failing.message.find("EXPRESSION_ERROR: Header 'errorExpression' failed at column 2"),
            0U)
      << failing.message;
  EXPECT_NE(failing.message.find("SERVICE_ERROR: Something about the call."), std::string::npos);
  EXPECT_EQ(failure(call_failed(error_code::not_found, failure_class::permanent), fails).retries,
            0);
  failing = failure(call_failed(error_code::ambiguous, failure_class::ambiguous), fails);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_NE(failing.message.find("called again by the next retry"), std::string::npos);
  auto once = fails;
  once["atMostOnce"] = "true";
  EXPECT_EQ(failure(call_failed(error_code::ambiguous, failure_class::ambiguous), once).retries, 0);
  auto all = failure(function_failed(), {{"errorExpression", "=[error.code]"}});
  EXPECT_EQ(all.retries, 2);
  EXPECT_NE(all.message.find("failed with OrderNotFound"), std::string::npos) << all.message;
}

TEST_F(ErrorExpressionEnds, AnErrorExpressionThatFailsOnASuccessDoesNotRepeatTheCall) {
  const auto failing = failure(answered(), {{"errorExpression", "=[1]"}});
  EXPECT_EQ(failing.retries, 0);
  EXPECT_NE(failing.message.find("is not called again"), std::string::npos) << failing.message;
}

TEST_F(ErrorExpressionEnds, AnExpressionThatCannotBeReadIsNeverTriedAgain) {
  EXPECT_EQ(failure(call_failed(error_code::service_error, failure_class::not_started),
                    {{"errorExpression", "=1 +"}})
                .retries,
            0);
}

TEST_F(ErrorExpressionEnds, PostponedCallsAreReleasedWithoutALook) {
  auto postponed = call_failed(error_code::too_many_requests, failure_class::throttled);
  postponed.postponed = seconds(20);
  EXPECT_TRUE(failure(postponed, {{"errorExpression", R"(=bpmnError("A"))"}}).release);
}

TEST_F(ErrorExpressionEnds, OfATaskThatIsRefusedTheErrorExpressionDecidesToo) {
  const auto read = read_task_headers(
      {{"errorExpression",
        R"(=if error.code = "INVALID_INPUT" then bpmnError("BAD", error.message) else null)"}});
  expression_facts expressions{results::begin_session(parsed_), {}, masks_};
  connector::outcome refused;
  refused.result = connector::bad_input("The input is wrong.");
  expressions.raw_response = response_of(refused, job_);
  EXPECT_EQ(text_of(error_to_command(*refused.failed(), *read, job_, half, &expressions)),
            "throw BAD The input is wrong. {}");
}

// --- retryBackoff

TEST_F(ErrorExpressionEnds, RetryBackoffMayBeAnExpressionOverErrorAndJob) {
  const headers growing{
      {"retryBackoff",
       R"(=if error.code = "SERVICE_ERROR" then @"PT10S" * job.attempt else null)"}};
  job_.attempt = 1;
  EXPECT_EQ(
      failure(call_failed(error_code::service_error, failure_class::not_started), growing).back_off,
      seconds(20));
  // null: the usual one.
  EXPECT_EQ(failure(call_failed(error_code::connection_error, failure_class::not_started), growing)
                .back_off,
            seconds(1));
  // A job without retries left has no wait.
  EXPECT_EQ(failure(call_failed(error_code::not_found, failure_class::permanent), growing).back_off,
            seconds(0));
  auto at_function_errors = growing;
  at_function_errors["onFunctionError"] = "fail";
  at_function_errors["retryBackoff"] = R"(=if error.type = "OrderNotFound" then @"PT3S" else null)";
  EXPECT_EQ(failure(function_failed(), at_function_errors).back_off, seconds(3));
}

TEST_F(ErrorExpressionEnds, ARetryBackoffThatGivesNoDurationLeavesTheUsualOneAndSaysSo) {
  for (const auto* wrong : {"=30", "=backoff(0)", "=1 +"}) {
    const auto failing = failure(call_failed(error_code::service_error, failure_class::not_started),
                                 {{"retryBackoff", wrong}});
    EXPECT_EQ(failing.retries, 2);
    EXPECT_EQ(failing.back_off, seconds(1));
    EXPECT_NE(failing.message.find("because header 'retryBackoff' "), std::string::npos)
        << failing.message;
  }
}

}  // namespace
}  // namespace worker::jobs
