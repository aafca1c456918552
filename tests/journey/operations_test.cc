// The other operations from a job to its variables: listing, reading and deleting functions, and
// calls by function URL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/base/json_scan.h"
#include "connector/base/log.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// What must never leave the connector carries this mark at the embedded Lambda.
constexpr auto mark = "never-passed-on";

job_spec job_of(const std::string& type, const std::string& inputs,
                const std::string& headers = "{}") {
  job_spec spec;
  spec.type = "lambdaConnector." + type;
  spec.variables = R"({"lambda":)" + inputs + "}";
  spec.headers = headers;
  spec.retries = 1;
  return spec;
}

// A worker that serves what is served by default.
test_environment_options usual_types() {
  test_environment_options options;
  options.worker["LAMBDA_CONNECTOR_JOB_TYPES"] =
      "lambdaConnector.INVOKE,lambdaConnector.LIST_FUNCTIONS,lambdaConnector.GET_FUNCTION";
  return options;
}

std::string variable(const job_account& job, const std::string& name) {
  const auto read = connector::json::members(job.completion_variables);
  return std::string(connector::json::find(read.members, name).value_or("(none)"));
}

TEST(JourneyOperations, ListsOnePage) {
  test_environment env(usual_types());
  const auto job =
      env.run(job_of("LIST_FUNCTIONS", R"({"fields":["functionName","environmentNames"]})"));
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(variable(job, "functions"),
              HasSubstr(R"({"functionName":"echo","environmentNames":["MARKED"]})"));
  EXPECT_EQ(variable(job, "error"), "null");
  EXPECT_THAT(job.completion_variables, Not(HasSubstr(mark)));
}

TEST(JourneyOperations, FollowsAllPages) {
  // given
  test_environment env(usual_types());
  for (int i = 0; i < 120; ++i) {
    env.lambda().register_function("listed-" + std::to_string(1000 + i),
                                   [](const auto&) { return sandbox::json_answer("1"); });
  }

  // when
  const auto whole = env.run(
      job_of("LIST_FUNCTIONS", R"({"all":true,"maxItems":9,"fields":"functionName,runtime"})"));

  // then
  ASSERT_EQ(whole.state, job_state::completed) << whole.incident_message;
  EXPECT_THAT(variable(whole, "functions"), HasSubstr("listed-1000"));
  EXPECT_THAT(variable(whole, "functions"), HasSubstr("listed-1119"));
  EXPECT_EQ(variable(whole, "nextMarker"), "null");
}

TEST(JourneyOperations, GoesOnWhereAListStopped) {
  // given
  auto options = usual_types();
  options.worker["LAMBDA_CONNECTOR_MAX_LIST_BYTES"] = "1KB";
  test_environment env(options);
  std::string seen;
  std::string marker = "null";
  int jobs = 0;

  // when
  do {
    const auto job =
        env.run(job_of("LIST_FUNCTIONS", R"({"all":true,"maxItems":5,"marker":)" + marker +
                                             R"(,"fields":["functionName"]})"));
    ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
    EXPECT_LE(variable(job, "functions").size(), 1100U);
    seen += variable(job, "functions");
    marker = variable(job, "nextMarker");
  } while (marker != "null" && ++jobs < 50);

  // then
  EXPECT_GT(jobs, 0);
  for (const char* name : {"\"big\"", "\"echo\"", "\"wire-two-lengths\""}) {
    const auto first = seen.find(name);
    EXPECT_NE(first, std::string::npos) << name;
    EXPECT_EQ(seen.find(name, first + 1), std::string::npos) << "twice: " << name;
  }
}

TEST(JourneyOperations, GetsAFunctionWithoutItsSecrets) {
  // given
  test_environment env(usual_types());
  sandbox::function_options options;
  options.tags = {{"team", "orders"}};
  options.description = "what it does";
  env.lambda().register_function(
      "described", [](const auto&) { return sandbox::json_answer("1"); }, options);

  // when
  const auto job = env.run(job_of("GET_FUNCTION", R"({"functionName":"described"})"));

  // then
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(variable(job, "configuration"), HasSubstr(R"("description":"what it does")"));
  EXPECT_THAT(variable(job, "configuration"), HasSubstr(R"("environmentNames":["MARKED"])"));
  EXPECT_EQ(variable(job, "tags"), R"({"team":"orders"})");
  EXPECT_EQ(variable(job, "concurrency"), R"({"reservedConcurrentExecutions":5})");
  EXPECT_THAT(job.completion_variables, Not(HasSubstr(mark)));
}

// Every kind of end, at the level that says most.
TEST(JourneyOperations, LeavesNoSecretInTheLogOrInAMessage) {
  // given
  connector::log::set_up(connector::log::level::debug, connector::log::format::json);
  testing::internal::CaptureStdout();
  std::string told;

  // when
  {
    test_environment env(usual_types());
    for (const auto& [type, inputs] : std::vector<std::pair<std::string, std::string>>{
             {"GET_FUNCTION", R"({"functionName":"echo"})"},
             {"GET_FUNCTION", R"({"functionName":"missing"})"},
             {"GET_FUNCTION", R"({"functionName":"echo","qualifier":"77"})"},
             {"LIST_FUNCTIONS", R"({"all":true})"},
             {"LIST_FUNCTIONS", R"({"marker":"none of Lambda's"})"},
             {"LIST_FUNCTIONS", R"({"fields":["environment"]})"}}) {
      const auto job = env.run(job_of(type, inputs));
      told += job.completion_variables + job.incident_message + job.fail_message;
    }
    connector::log::warning("the log is read here");
  }

  // then
  const auto logged = testing::internal::GetCapturedStdout();
  EXPECT_THAT(logged, HasSubstr("the log is read here"));
  EXPECT_THAT(logged, Not(HasSubstr(mark)));
  EXPECT_THAT(told, HasSubstr("environmentNames"));
  EXPECT_THAT(told, Not(HasSubstr(mark)));
}

TEST(JourneyOperations, PutsAResponseIntoOneVariable) {
  test_environment env(usual_types());
  const auto job = env.run(
      job_of("GET_FUNCTION", R"({"functionName":"echo:PROD"})", R"({"resultVariable":"about"})"));
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(variable(job, "about"), HasSubstr(R"("version":"2")"));
  EXPECT_THAT(variable(job, "about"), HasSubstr(R"("requestId":")"));
  EXPECT_EQ(variable(job, "configuration"), "(none)");
}

TEST(JourneyOperations, MakesAnIncidentOfAFunctionThatIsNotThere) {
  test_environment env(usual_types());
  const auto job = env.run(job_of("GET_FUNCTION", R"({"functionName":"missing"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message,
              StartsWith("NOT_FOUND: Reading function \"missing\" in us-east-1 was refused"));
}

TEST(JourneyOperations, CompletesWithTheErrorWhenTheModelWantsIt) {
  test_environment env(usual_types());
  const auto job =
      env.run(job_of("GET_FUNCTION", R"({"functionName":"missing"})", R"({"onError":"complete"})"));
  ASSERT_EQ(job.state, job_state::completed);
  EXPECT_EQ(variable(job, "configuration"), "null");
  EXPECT_THAT(variable(job, "error"), HasSubstr(R"("code":"NOT_FOUND")"));
}

TEST(JourneyOperations, DeletesOnlyWhenThatJobTypeIsNamed) {
  test_environment env(usual_types());
  const auto key = env.engine().create(job_of("DELETE_FUNCTION", R"({"functionName":"echo"})"));
  // Jobs of another type go their way meanwhile.
  EXPECT_EQ(env.run(job_of("GET_FUNCTION", R"({"functionName":"echo"})")).state,
            job_state::completed);
  EXPECT_EQ(env.account(key).state, job_state::activatable);
  EXPECT_TRUE(env.lambda().has_function("echo"));
}

TEST(JourneyOperations, DeletesOnceAndSaysWhenThereWasNothing) {
  test_environment_options options;
  options.worker["LAMBDA_CONNECTOR_JOB_TYPES"] = "lambdaConnector.DELETE_FUNCTION";
  test_environment env(options);
  const auto first = env.run(job_of("DELETE_FUNCTION", R"({"functionName":"echo"})"));
  ASSERT_EQ(first.state, job_state::completed) << first.incident_message;
  EXPECT_EQ(variable(first, "deleted"), "true");
  EXPECT_FALSE(env.lambda().has_function("echo"));
  const auto second = env.run(job_of("DELETE_FUNCTION", R"({"functionName":"echo"})"));
  EXPECT_EQ(variable(second, "deleted"), "false");
}

class JourneyFunctionUrls : public testing::Test {
 protected:
  JourneyFunctionUrls() : env_(without_worker()) {
    env_.start_worker({{"ALLOWED_HOSTS", env_.lambda().endpoint()}});
  }

  static test_environment_options without_worker() {
    test_environment_options options;
    options.start_worker = false;
    return options;
  }

  // `path` below the URL of the function; `more`: further inputs.
  job_account run(const std::string& path, const std::string& payload,
                  const std::string& more = "") {
    return env_.run(job_of("INVOKE", R"({"functionName":")" + env_.lambda().endpoint() + path +
                                         R"(","payload":)" + payload + more + "}"));
  }

  test_environment env_;
};

TEST_F(JourneyFunctionUrls, CallsSignedByPathAndQuery) {
  const auto job = run("/function-url/context/a(b)/c?q=x%20y&k=%C3%A9",
                       R"({"n":12345678901234567890})", R"(,"traceparent":"00-1-2-01")");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(variable(job, "statusCode"), "200");
  EXPECT_EQ(variable(job, "executedVersion"), "null");
  EXPECT_EQ(variable(job, "log"), "null");
  const auto calls = env_.lambda().account().invocations();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].request.payload, R"({"n":12345678901234567890})");
  EXPECT_EQ(calls[0].request.job_key, std::to_string(job.key));
  EXPECT_EQ(calls[0].request.header("traceparent"), "00-1-2-01");
  EXPECT_NE(calls[0].request.header("x-process-instance-key"), "");
  EXPECT_NE(calls[0].request.access_key_id, "");
}

TEST_F(JourneyFunctionUrls, CallsUnsignedWhenAskedTo) {
  const auto job = run("/public-url/echo", "[1.10]", R"(,"authentication":{"type":"none"})");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(variable(job, "payload"), "[1.10]");
  EXPECT_EQ(env_.lambda().account().invocations().at(0).request.header("authorization"), "");
}

TEST_F(JourneyFunctionUrls, NeedsASignatureWhereTheFunctionDoes) {
  const auto job = run("/function-url/echo", "1", R"(,"authentication":{"type":"none"})");
  EXPECT_THAT(job.incident_message, StartsWith("UNAUTHORIZED: "));
  EXPECT_EQ(env_.lambda().account().function("echo").executions, 0U);
}

TEST_F(JourneyFunctionUrls, CompletesOnARedirect) {
  const auto job =
      run("/function-url/echo",
          R"({"statusCode":302,"headers":{"Location":"http://127.0.0.1:1/"},"body":""})");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(variable(job, "statusCode"), "302");
  EXPECT_EQ(variable(job, "payload"), "null");
  EXPECT_EQ(env_.lambda().account().counted().requests, 1U);
}

TEST_F(JourneyFunctionUrls, MapsOtherStatusesByTheTable) {
  const auto refused = run("/function-url/echo", R"({"statusCode":422,"body":"no"})");
  EXPECT_THAT(refused.incident_message, StartsWith("UNPROCESSABLE_ENTITY: "));
  const auto failed = run("/function-url/fail", "{}");
  EXPECT_THAT(failed.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(env_.lambda().account().function("fail").executions, 1U);
  const auto missing = run("/function-url/nowhere", "{}");
  EXPECT_THAT(missing.incident_message, StartsWith("NOT_FOUND: "));
}

TEST_F(JourneyFunctionUrls, TriesAgainWhenThrottled) {
  const auto job = run("/function-url/throttle-once", "{}");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env_.lambda().account().function("throttle-once").executions, 1U);
}

TEST(JourneyFunctionUrl, IsRefusedUnlessItsHostIsAllowed) {
  test_environment env;
  const auto job = env.run(job_of(
      "INVOKE", R"({"functionName":")" + env.lambda().endpoint() + R"(/function-url/echo"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("FORBIDDEN: "));
  EXPECT_THAT(job.incident_message, HasSubstr("ALLOWED_HOSTS"));
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
}

}  // namespace
}  // namespace journey
