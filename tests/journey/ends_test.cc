// How jobs end when the network works: each row of the README's table once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(JourneyEnds, PayloadsTravelByteForByteBothWays) {
  test_environment env;
  for (const std::string payload :
       {R"({"z":12345678901234567890,"a":1.10,"a": 1e400,"nul":"\u0000","s":"\u00e9\/"})",
        R"([ 1 , {"b":{}, "a":[]} ])", R"(12345678901234567890)", "1.10", "1e400", "true", "null",
        R"("plain text")"}) {
    const auto job = env.run(call_of("echo", payload));
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    EXPECT_THAT(job.completion_variables, HasSubstr("\"payload\":" + payload + ",\"log\""));
    EXPECT_EQ(env.lambda().account().invocations().back().request.payload, payload);
    EXPECT_EQ(job.process_variable("payload"), payload);
  }
}

TEST(JourneyEnds, StringThatIsJsonTextIsSentAsThatText) {
  test_environment env;
  const auto job = env.run(call_of("echo", R"("{\"a\": 1.10}")"));
  EXPECT_EQ(env.lambda().account().invocations().back().request.payload, R"({"a": 1.10})");
  EXPECT_EQ(job.process_variable("payload"), R"({"a": 1.10})");
}

TEST(JourneyEnds, CompletesWithTheFiveVariables) {
  test_environment env;
  const auto job = env.run(call_of("echo", "{}"));
  EXPECT_EQ(job.process_variable("statusCode"), "200");
  EXPECT_EQ(job.process_variable("executedVersion"), R"("$LATEST")");
  EXPECT_EQ(job.process_variable("error"), "null");
  EXPECT_THAT(job.process_variable("log").value_or(""), HasSubstr("REPORT RequestId"));
  EXPECT_EQ(job.completions_accepted, 1U);
}

TEST(JourneyEnds, ProfileAlfrescoHasItsVariablesAndNoIncident) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "profile=alfresco"}};
  test_environment env(options);
  const auto done = env.run(call_of("echo", R"({"n":1.10})"));
  EXPECT_EQ(done.state, job_state::completed);
  EXPECT_EQ(done.process_variable("lambdaPayload"), R"({"n":1.10})");
  EXPECT_EQ(done.process_variable("lambdaStatus"), "200");
  EXPECT_TRUE(done.process_variable("lambdaLog").has_value());
  EXPECT_EQ(done.process_variable("payload"), std::nullopt);
  const auto refused = env.run(call_of("not-there"));
  EXPECT_EQ(refused.state, job_state::completed);
  EXPECT_NE(refused.process_variable("lambdaError").value_or("null"), "null");
  // A task with a boundary event.
  auto caught = call_of("not-there", "{}", R"({"bpmnErrors":"*"})");
  caught.caught_errors = {"NOT_FOUND"};
  EXPECT_EQ(env.run(caught).state, job_state::error_thrown);
}

TEST(JourneyEnds, EventAndDryRunHaveTheirOwnStatus) {
  test_environment env;
  job_spec spec;
  spec.variables = R"({"lambda":{"functionName":"echo","payload":{},"invocationType":"Event"}})";
  EXPECT_EQ(env.run(spec).process_variable("statusCode"), "202");
  spec.variables = R"({"lambda":{"functionName":"echo","payload":{},"invocationType":"DryRun"}})";
  EXPECT_EQ(env.run(spec).process_variable("statusCode"), "204");
}

TEST(JourneyEnds, AnswersThatAreNoJsonBecomeStrings) {
  test_environment env;
  EXPECT_THAT(env.run(call_of("not-json")).process_variable("payload").value_or(""),
              StartsWith("\""));
  EXPECT_EQ(env.run(call_of("empty")).process_variable("payload"), "null");
  EXPECT_EQ(env.run(call_of("void")).process_variable("payload"), "null");
  EXPECT_EQ(env.run(call_of("not-utf8")).process_variable("payloadEncoding"), R"("base64")");
}

TEST(JourneyEnds, FunctionErrorCompletesWithErrorUnlessTheHeaderSaysOtherwise) {
  test_environment env;
  const std::string failing = R"({"type":"OutOfStock","message":"no more"})";
  const auto completed = env.run(call_of("fail", failing));
  EXPECT_EQ(completed.state, job_state::completed);
  EXPECT_THAT(completed.process_variable("error").value_or(""),
              HasSubstr(R"("code":"FUNCTION_ERROR","type":"OutOfStock","message":"no more")"));

  auto thrown = call_of("fail", failing, R"({"onFunctionError":"bpmnError"})");
  thrown.caught_errors = {"OutOfStock"};
  const auto caught = env.run(thrown);
  EXPECT_EQ(caught.state, job_state::error_thrown);
  EXPECT_EQ(caught.error_code, "OutOfStock");
  EXPECT_THAT(caught.error_variables, HasSubstr(R"("error":{"code":"FUNCTION_ERROR")"));

  const auto failed =
      env.run(call_of("fail", failing, R"({"onFunctionError":"fail","retryBackoff":"PT0S"})"));
  EXPECT_EQ(failed.state, job_state::incident);
  EXPECT_EQ(failed.fails, 3U);
  EXPECT_THAT(failed.incident_message,
              StartsWith("FUNCTION_ERROR: Function \"fail\" in us-east-1"));
}

TEST(JourneyEnds, ErrorWithoutACatchingEventIsTheEnginesOwnIncident) {
  test_environment env;
  const auto job = env.run(call_of("fail", "{}", R"({"onFunctionError":"bpmnError"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.incident_type, "UNHANDLED_ERROR_EVENT");
}

TEST(JourneyEnds, MissingFunctionIsAnIncidentAtOnceThatSaysWhatToDo) {
  test_environment env;
  const auto job = env.run(call_of("missing"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_EQ(job.retries, 0);
  EXPECT_THAT(job.incident_message, StartsWith("NOT_FOUND: "));
  EXPECT_THAT(job.incident_message, HasSubstr("missing"));
  EXPECT_THAT(job.incident_message, HasSubstr("404"));
}

TEST(JourneyEnds, OnErrorCompleteAndBpmnErrorsTurnRefusalsIntoEnds) {
  test_environment env;
  const auto completed = env.run(call_of("missing", "{}", R"({"onError":"complete"})"));
  EXPECT_EQ(completed.state, job_state::completed);
  EXPECT_EQ(completed.process_variable("statusCode"), "null");
  EXPECT_THAT(completed.process_variable("error").value_or(""), HasSubstr("NOT_FOUND"));

  auto spec = call_of("missing", "{}", R"({"bpmnErrors":"NOT_FOUND"})");
  spec.caught_errors = {"*"};
  const auto thrown = env.run(spec);
  EXPECT_EQ(thrown.state, job_state::error_thrown);
  EXPECT_EQ(thrown.error_code, "NOT_FOUND");
}

TEST(JourneyEnds, ThrottledCallWorksInTheEnd) {
  test_environment env;
  const auto job = env.run(call_of("throttle-once"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

TEST(JourneyEnds, UnprovenFailureIsNeverSentAgainByTheWorker) {
  test_environment env;
  const auto job = env.run(call_of("service-exception", "{}", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 1U);
}

TEST(JourneyEnds, AmbiguousFailureLosesARetryEachTime) {
  test_environment env;
  const auto job = env.run(call_of("service-exception", "{}", R"({"retryBackoff":"PT0S"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 3U);
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 3U);
  EXPECT_EQ(job.local_variable("lambdaAttempt"), "3");
}

TEST(JourneyEnds, ResultOverTheEnginesLimitIsAnIncidentAndNoSecondCall) {
  test_environment env;
  const auto job = env.run(call_of("big", R"({"bytes":3000000})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message,
              StartsWith("RESPONSE_TOO_LARGE: The result of function \"big\""));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

TEST(JourneyEnds, KnownMessageSizeIsHeldBeforeSending) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE", "4MB"}};
  test_environment env(options);
  const auto job = env.run(call_of("big", R"({"bytes":3000000})"));
  EXPECT_THAT(job.incident_message, HasSubstr("at most 2097152"));
  EXPECT_EQ(env.engine().calls(sandbox::engine::rpc::complete_job), 0U);
}

TEST(JourneyEnds, DeepAnswerNeverReachesTheEngine) {
  test_environment env;
  for (const auto* depth : {"501", "2000", "100000"}) {
    const auto job = env.run(call_of("nested", std::string(R"({"depth":)") + depth + "}"));
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_EQ(job.fails, 1U);
  }
  EXPECT_FALSE(env.engine().deep_nesting_seen());
}

TEST(JourneyEnds, RefusedCompletionEndsInAFailedJobThatSaysWhy) {
  test_environment env;
  env.engine().refuse(sandbox::engine::rpc::complete_job, grpc::StatusCode::INVALID_ARGUMENT,
                      "Invalid JSON value", 1);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_THAT(job.incident_message, HasSubstr("Invalid JSON value"));
}

TEST(JourneyEnds, FunctionSeesTheJobThatCallsIt) {
  test_environment env;
  const auto job = env.run(call_of("context"));
  const auto seen = env.lambda().account().invocations().back().request;
  EXPECT_EQ(seen.job_key, std::to_string(job.key));
  EXPECT_THAT(seen.client_context, HasSubstr("\"bpmnProcessId\":\"process\""));
  EXPECT_THAT(seen.client_context, HasSubstr("\"elementId\":\"task\""));
}

TEST(JourneyEnds, OnlyTheVariablesOfTheContractAreFetched) {
  test_environment env;
  job_spec spec = call_of("echo", "1");
  spec.process_variables = R"({"customer":{"name":"Jane"},"region":"eu-west-1"})";
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_THAT(env.lambda().account().invocations().back().request.target, HasSubstr("/echo/"));
}

}  // namespace
}  // namespace journey
