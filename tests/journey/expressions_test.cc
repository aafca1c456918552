// Expressions of tasks from a model's headers to what the engine gets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string headers(std::initializer_list<std::pair<const char*, std::string>> texts) {
  connector::json::object_writer out;
  for (const auto& [name, value] : texts) out.string(name, value);
  return out.take();
}

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
  EXPECT_EQ(job.local_variable("error"), R"("never: come back")");
  EXPECT_EQ(job.local_variable("why"), R"("Busy")");
  EXPECT_EQ(env.lambda().account().invocations().size(), 3U);
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

struct written {
  std::string function;
  std::string payload;
  std::string header;
  std::string expression;
  std::string then;  // the completion's variables, or "throws CODE message"
};

// As modellers write them: in the connectors' documentation, in its issues, and by hand.
TEST(JourneyExpressions, WhatModellersWrite) {
  const std::string items =
      R"({"items":[{"id":1,"name":"cup","price":5},{"id":2,"name":"pan","price":12.5}],)"
      R"("results":[7],"text":"{\"a\": [1, 2]}","when":"2024-02-28T10:00:00Z","ok":true,"none":null})";
  const std::string broken = R"({"type":"OutOfStock","message":"no pans: timeout 504"})";
  const std::string result = "resultExpression";
  const std::string error = "errorExpression";
  const std::vector<written> all = {
      {"echo", items, result, "={ myElem : response.payload.results[1] }", R"({"myElem":7})"},
      {"echo", items, result,
       "= {\n  // the answer\n  first: payload.items[1].id, /* and */\n  last: "
       "payload.items[-1].id\n}",
       R"({"first":1,"last":2})"},
      {"echo", items, result, "={count: count(payload.items), total: sum(payload.items.price)}",
       R"({"count":2,"total":17.5})"},
      {"echo", items, result, "={names: string join(payload.items.name, \", \")}",
       R"({"names":"cup, pan"})"},
      {"echo", items, result, "={found: some i in payload.items satisfies i.id = 2}",
       R"({"found":true})"},
      {"echo", items, result, "={text: string(count(payload.items)) + \" items\"}",
       R"({"text":"2 items"})"},
      {"echo", items, result, "={a: from json(payload.text).a[2]}", R"({"a":2})"},
      {"echo", items, result,
       "={day: date(date and time(payload.when)), hour: date and time(payload.when).hour}",
       R"({"day":"2024-02-28","hour":10})"},
      {"echo", items, result,
       "={state: if statusCode = 200 and payload.ok then \"done\" else \"open\"}",
       R"({"state":"done"})"},
      {"echo", items, result,
       "={dear: payload.items[item.price >= 10], none: payload.items[price > 99]}",
       R"({"dear":[{"id":2,"name":"pan","price":12.5}],"none":[]})"},
      {"echo", items, result,
       "={ids: distinct values(concatenate(payload.results, payload.items.id))}",
       R"({"ids":[7,1,2]})"},
      {"echo", items, result, "={order: context merge([{id: 4}, payload.items[1]]).name}",
       R"({"order":"cup"})"},
      {"echo", R"({"a":1,"b":{"c":null}})", result, "=response.payload",
       R"({"a":1,"b":{"c":null}})"},
      {"echo", items, result, "payload.missing", "{}"},
      {"echo", items, error,
       "if is defined(error) then bpmnError(\"Custom\", \"Custom message\") else null", ""},
      {"not-there", "{}", error,
       "if is defined(error) then bpmnError(\"Custom\", \"Custom message\") else null",
       "throws Custom Custom message"},
      {"fail", broken, error,
       "=if error != null and error.type = \"OutOfStock\"\nthen bpmnError(\"NO_STOCK\", "
       "error.message)\nelse null",
       "throws NO_STOCK no pans: timeout 504"},
      {"fail", broken, error,
       "=if contains(lower case(error.message), \"timeout\") then bpmnError(\"504\", \"slow\") "
       "else null",
       "throws 504 slow"},
      {"fail", broken, error,
       "=if payload.errorType != null then bpmnError(payload.errorType, payload.errorMessage) else "
       "null",
       "throws OutOfStock no pans: timeout 504"},
      {"echo", items, error,
       "=if error != null then jobError(\"failed\") else if count(response.payload.results) != 2 "
       "then bpmnError(\"wrongElementCount\") else null",
       "throws wrongElementCount "},
      {"echo", items, error,
       "={errorType: \"bpmnError\", errorCode: string(payload.results[1]), errorMessage: \"by "
       "hand\"}",
       "throws 7 by hand"},
      {"not-there", "{}", error,
       "=if matches(error.code, \"NOT_.*\") then ignoreError({status: statusCode, code: "
       "response.error.code}) else null",
       R"({"status":null,"code":"NOT_FOUND"})"},
  };
  test_environment env;
  for (const auto& one : all) {
    SCOPED_TRACE(one.expression);
    auto spec = call_of(one.function, one.payload, headers({{one.header.c_str(), one.expression}}));
    spec.caught_errors = {"Custom", "NO_STOCK", "504", "OutOfStock", "wrongElementCount", "7"};
    const auto job = env.run(spec);
    EXPECT_EQ(job.incident_message, "");
    const auto end = job.state == job_state::error_thrown
                         ? "throws " + job.error_code + ' ' + job.error_message
                         : job.completion_variables;
    if (one.then.empty()) {
      EXPECT_THAT(end, StartsWith(R"({"statusCode":200,)"));
    } else {
      EXPECT_EQ(end, one.then);
    }
  }
}

}  // namespace
}  // namespace journey
