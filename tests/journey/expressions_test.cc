// Expressions of tasks from a model's headers to what the engine gets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/header_texts.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* order =
    R"({"id":12345678901234567890,"total":1.10,"items":[{"id":1,"price":5},{"id":2,"price":12.5}]})";

TEST(JourneyExpressions, AResultExpressionWithAFilterMakesTheVariables) {
  test_environment env;
  const auto job = env.run(call_of(
      "echo", order,
      headers({{"resultExpression",
                "={id: payload.id, total: payload.total, dear: payload.items[price > 10].id, "
                "ok: statusCode = 200, same: response.payload.id}"}})));
  EXPECT_EQ(job.completion_variables,
            R"({"id":12345678901234567890,"total":1.10,"dear":[2],"ok":true,)"
            R"("same":12345678901234567890})")
      << job.incident_message;
}

TEST(JourneyExpressions, ResultVariableStandsBesideTheEntries) {
  test_environment env;
  const auto job = env.run(call_of(
      "echo", "{}", headers({{"resultVariable", "all"}, {"resultExpression", "={ok: true}"}})));
  EXPECT_THAT(job.completion_variables,
              AllOf(StartsWith(R"({"all":{"statusCode":200,)"), HasSubstr(R"("ok":true)")));
}

TEST(JourneyExpressions, AnErrorTypeIsThrownAsABpmnError) {
  test_environment env;
  auto spec = call_of("fail", R"({"type":"OrderNotFound","message":"no order 7"})",
                      headers({{"errorExpression",
                                "=if error.type = \"OrderNotFound\" then bpmnError(\"NO_ORDER\", "
                                "error.message, {reason: error.message}) else null"}}));
  spec.caught_errors = {"NO_ORDER"};
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::error_thrown) << job.incident_message;
  EXPECT_EQ(job.error_code, "NO_ORDER");
  EXPECT_EQ(job.error_message, "no order 7");
  EXPECT_EQ(job.error_variables, R"({"reason":"no order 7"})");
}

TEST(JourneyExpressions, ABusinessErrorInASuccessIsThrown) {
  test_environment env;
  auto spec = call_of("echo", R"({"state":"declined"})",
                      headers({{"errorExpression",
                                "=if payload.state = \"declined\" then bpmnError(\"DECLINED\", "
                                "\"The payment was declined.\") else null"}}));
  spec.caught_errors = {"DECLINED"};
  EXPECT_EQ(env.run(spec).error_code, "DECLINED");
}

TEST(JourneyExpressions, JobErrorFailsWithItsRetriesAndItsBackOff) {
  test_environment env;
  const auto job = env.run(call_of(
      "fail", R"({"type":"Busy","message":"come back"})",
      headers({{"errorExpression",
                "=if job.retries > 1 then jobError(\"later\", {why: error.type}, job.retries - 1, "
                "@\"PT1S\") else jobError(\"never: \" + error.message)"}})));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 3U);
  EXPECT_GE(job.back_after, milliseconds(1000));
  EXPECT_EQ(job.incident_message, "never: come back");
  EXPECT_FALSE(job.local_variable("error"));
  EXPECT_EQ(job.local_variable("why"), R"("Busy")");
  EXPECT_EQ(env.lambda().account().invocations().size(), 3U);
}

// Variables of a failed attempt are the task's own, and a result of the same name would stay there.
TEST(JourneyExpressions, TheErrorAfterAJobErrorReachesTheProcess) {
  test_environment env;
  const auto job = env.run(call_of(
      "fail", R"({"type":"Busy","message":"come back"})",
      headers({{"errorExpression",
                "=if job.retries > 2 then jobError(\"later\", {}, job.retries - 1) else null"}})));
  EXPECT_EQ(job.fails, 1U) << job.incident_message;
  EXPECT_THAT(job.process_variable("error").value_or("none"), HasSubstr("Busy"));
}

TEST(JourneyExpressions, IgnoreErrorCompletesWithItsVariables) {
  test_environment env;
  const auto job = env.run(call_of(
      "not-there", "{}",
      headers({{"errorExpression",
                "=if error.code = \"NOT_FOUND\" then ignoreError({found: false}) else null"},
               {"resultExpression", "={found: true}"}})));
  EXPECT_EQ(job.completion_variables, R"({"found":false})") << job.incident_message;
}

TEST(JourneyExpressions, ABrokenExpressionIsAnIncidentBeforeTheCall) {
  test_environment env;
  for (const auto* header : {"resultExpression", "errorExpression", "retryBackoff"}) {
    const auto job = env.run(call_of("echo", "{}", headers({{header, "={a: 1"}})));
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_EQ(job.retries, 0);
    EXPECT_THAT(job.incident_message,
                StartsWith(std::string("EXPRESSION_ERROR: Header '") + header +
                           "' is no FEEL expression, at column 7 (the end): "));
  }
  EXPECT_TRUE(env.lambda().account().invocations().empty());
}

TEST(JourneyExpressions, ASecretInAnExpressionIsRefusedAsInputThatIsWrong) {
  test_environment env;
  for (const auto* header : {"resultExpression", "errorExpression"}) {
    const auto job = env.run(call_of("echo", "{}", headers({{header, "={a: \"{{secrets.X}}\"}"}})));
    EXPECT_THAT(job.incident_message, StartsWith("INVALID_INPUT: "));
  }
}

TEST(JourneyExpressions, AResultThatCannotBeMappedIsNotCalledForAgain) {
  test_environment env;
  const auto job = env.run(call_of("echo", "[1]", headers({{"resultExpression", "=payload"}})));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message, StartsWith("EXPRESSION_ERROR: Header 'resultExpression' must "
                                               "give a context"));
  EXPECT_EQ(env.lambda().account().invocations().size(), 1U);
}

TEST(JourneyExpressions, VariablesThatTheEngineDoesNotTakeAreRefusedAsThoseOfAnyResult) {
  test_environment_options options;
  options.engine.max_message_size = std::size_t{64} << 10U;
  test_environment env(options);
  const auto large = env.run(call_of("big", R"({"bytes":20000})",
                                     headers({{"resultExpression", "={a: payload, b: payload}"}})));
  EXPECT_THAT(large.incident_message, StartsWith("RESPONSE_TOO_LARGE: "));
  const auto wide = env.run(
      call_of("echo", "18446744073709551616", headers({{"resultExpression", "={a: payload}"}})));
  EXPECT_THAT(wide.incident_message, StartsWith("RESPONSE_REFUSED: "));
}

TEST(JourneyExpressions, RetryBackoffGrowsByAnExpression) {
  test_environment env;
  auto spec =
      call_of("service-exception", "{}",
              headers({{"retryBackoff",
                        "=if error.code = \"AMBIGUOUS\" then @\"PT1S\" * job.attempt else null"}}));
  spec.retries = 3;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_GE(job.back_after, milliseconds(2000));
}

TEST(JourneyExpressions, OtherOperationsHaveThemToo) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_JOB_TYPES", "lambdaConnector.GET_FUNCTION"}};
  test_environment env(options);
  job_spec spec;
  spec.type = "lambdaConnector.GET_FUNCTION";
  spec.variables = R"({"lambda":{"functionName":"echo"}})";
  spec.headers = headers({{"resultExpression", "={name: configuration.functionName}"}});
  EXPECT_EQ(env.run(spec).completion_variables, R"({"name":"echo"})");
}

TEST(JourneyExpressions, ASecretOfTheJobLeavesNoExpression) {
  test_environment_options options;
  options.worker = {{"SECRET_TOKEN", "marked-secret-value-1"}};
  test_environment env(options);
  auto spec =
      call_of("fail", R"({"type":"Denied","message":"{{secrets.TOKEN}} is not known"})",
              headers({{"secrets", "TOKEN"},
                       {"errorExpression",
                        "=if contains(error.message, \"marked\") then bpmnError(\"DENIED\", "
                        "upper case(error.message), {m: error.message, part: "
                        "substring(error.message, 1, 10)}) else null"}}));
  spec.caught_errors = {"DENIED"};
  const auto job = env.run(spec);
  EXPECT_EQ(job.error_code, "DENIED") << job.incident_message;
  EXPECT_EQ(job.error_message.find("MARKED"), std::string::npos) << job.error_message;
  EXPECT_EQ(job.error_variables.find("marked"), std::string::npos) << job.error_variables;
}

// Other jobs wait at most for the bound of an evaluation.
TEST(JourneyExpressions, HostileExpressionsEndAndTheWorkerGoesOn) {
  test_environment env;
  std::string deep;
  for (int at = 0; at < 3000; ++at) deep += "[";
  for (const auto& text :
       {std::string("={a: for i in 1..1000000, j in 1..1000000 return i}"), "={a: " + deep,
        "={a: " + std::string(40'000, '-') + "1}",
        std::string(R"(={a: matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "^(a+)+$")})"),
        std::string(R"(={a: function(x) x, b: some i in 1..9999999 satisfies i < 0})")}) {
    const auto job = env.run(call_of("echo", "{}", headers({{"resultExpression", text}})));
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("EXPRESSION_ERROR: ")) << text.substr(0, 60);
  }
  EXPECT_EQ(env.run(call_of("echo", "{}")).state, job_state::completed);
}

TEST(JourneyExpressions, DefaultsOfTheOperatorCountUnlessTheModelSaysOtherwise) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "resultExpression={mine: payload}"}};
  test_environment env(options);
  EXPECT_EQ(env.run(call_of("echo", "1")).completion_variables, R"({"mine":1})");
  EXPECT_EQ(env.run(call_of("echo", "1", headers({{"resultExpression", "={b: 2}"}})))
                .completion_variables,
            R"({"b":2})");
}

}  // namespace
}  // namespace journey
