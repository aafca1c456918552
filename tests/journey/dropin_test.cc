// Tasks of io.camunda:aws-lambda:1 through the whole worker: the diagrams' shapes, secrets, and how
// such tasks end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view keys =
    R"("accessKey":"{{secrets.AWS_KEY}}","secretKey":"{{ secrets.AWS_SECRET }}")";

class JourneyDropIn : public testing::Test {
 protected:
  explicit JourneyDropIn(environment_variables more = {}) : env_(options_with(std::move(more))) {}

  static test_environment_options options_with(environment_variables more) {
    const sandbox::access_key key;
    test_environment_options options;
    options.worker = {{"LAMBDA_CONNECTOR_JOB_TYPES", "io.camunda:aws-lambda:1"},
                      // The task's own keys must be the ones that count.
                      {"AWS_ACCESS_KEY_ID", "AKIDOFTHEWORKER00000"},
                      {"AWS_SECRET_ACCESS_KEY", "not-the-key-of-the-sandbox"},
                      {"SECRET_AWS_KEY", key.id},
                      {"SECRET_AWS_SECRET", key.secret},
                      {"SECRET_TOKEN", "t0ken-of-a-test"},
                      {"SECRET_MY_DB_KEY", "db-key-of-a-test"}};
    options.worker.merge(more);
    return options;
  }

  job_account run(std::string variables, std::string headers = R"({"resultVariable":"answer"})") {
    job_spec spec;
    spec.type = "io.camunda:aws-lambda:1";
    spec.variables = std::move(variables);
    spec.headers = std::move(headers);
    return env_.run(spec);
  }
  job_account run_function(std::string_view function, std::string_view payload,
                           std::string headers = R"({"resultVariable":"answer"})",
                           std::string_view more = "") {
    return run(fmt::format(R"({{"authentication":{{{}}},"configuration":{{"region":"us-east-1"}},)"
                           R"("awsFunction":{{"functionName":"{}","payload":{}{}}}}})",
                           keys, function, payload, more),
               std::move(headers));
  }
  sandbox::invocation last() { return env_.lambda().account().invocations().back().request; }

  test_environment env_;
};

TEST_F(JourneyDropIn, EveryVersionOfTheTemplateCallsItsFunction) {
  const auto shape = [](std::string_view auth, std::string_view rest) {
    return fmt::format(R"({{"authentication":{{{}}},{}}})", auth, rest);
  };
  const std::string configured =
      R"("configuration":{"region":"us-east-1"},"awsFunction":{"operationType":"sync",)"
      R"("functionName":"echo","payload":{"n": 1.10}})";
  const std::string typed = R"("type":"credentials",)" + std::string(keys);
  const std::pair<const char*, std::string> shapes[] = {
      {"1", shape(keys, R"("awsFunction":{"operationType":"sync","region":"us-east-1",)"
                        R"("functionName":"echo","payload":{"n": 1.10}})")},
      {"2 and 3", shape(keys, configured)},
      {"4 to 6 and 8, hybrid", shape(typed, configured)},
      {"5, payload as text",
       shape(typed, R"("configuration":{"region":"us-east-1"},"awsFunction":{)"
                    R"("functionName":"echo","payload":"{\"n\": 1.10}"})")},
      {"7, reusable credential",
       shape(R"("type":"credentials")",
             fmt::format(R"("awsCredential":{{"region":"us-east-1","authentication":{{{}}}}},)"
                         R"("awsFunction":{{"functionName":"echo","payload":{{"n": 1.10}}}})",
                         typed))},
  };
  for (const auto& [version, variables] : shapes) {
    const auto job = run(variables);
    ASSERT_EQ(job.state, job_state::completed) << version << ": " << job.incident_message;
    EXPECT_EQ(job.completion_variables,
              R"({"answer":{"statusCode":200,"executedVersion":"$LATEST","payload":{"n": 1.10}}})")
        << version;
    EXPECT_EQ(last().payload, R"({"n": 1.10})") << version;
    EXPECT_EQ(last().client_context, "") << version;
    EXPECT_FALSE(last().log_tail) << version;
    EXPECT_EQ(last().access_key_id, sandbox::access_key().id) << version;
  }
}

TEST_F(JourneyDropIn, NothingIsStoredWithoutAResultHeader) {
  const auto job = run_function("echo", "1", "{}");
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.completion_variables, "{}");
}

TEST_F(JourneyDropIn, SecretsCountAnywhereInBothNotations) {
  const auto job = run_function(
      "echo",
      R"({"a":["Bearer {{secrets.TOKEN}}"],"b":"secrets.TOKEN","c":"{{secrets.my-db.key}}"})");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(last().payload, R"({"a":["Bearer t0ken-of-a-test"],"b":"t0ken-of-a-test",)"
                            R"("c":"db-key-of-a-test"})");
}

TEST_F(JourneyDropIn, MissingSecretIsAnIncidentAtOnce) {
  const auto job = run_function("echo", R"({"a":"see secrets.nothing"})");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message, HasSubstr("nothing"));
  EXPECT_EQ(env_.lambda().account().counted().requests, 0U);
}

TEST_F(JourneyDropIn, ViolatedConstraintsAreAnIncidentAtOnce) {
  const auto job = run(R"({"awsFunction":{"functionName":"echo"}})");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message, HasSubstr("configuration.region: must not be empty"));
}

TEST_F(JourneyDropIn, FunctionErrorCompletesTheJob) {
  const auto job = run_function("fail", R"({"type":"ValueError","message":"no"})");
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(job.completion_variables, HasSubstr(R"("statusCode":200)"));
  EXPECT_THAT(job.completion_variables, HasSubstr(R"("errorType":"ValueError")"));
}

TEST_F(JourneyDropIn, MissingFunctionIsAnIncidentAtOnceAndLeavesTheErrorObject) {
  const auto job = run_function("not-there", "1");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message, StartsWith("NOT_FOUND: "));
  ASSERT_EQ(job.local_variables.empty(), false);
  std::string error;
  for (const auto& each : job.local_variables) {
    if (each.name == "error") error = each.value;
  }
  EXPECT_THAT(error, StartsWith(R"({"type":"software.amazon.awssdk.services.lambda.model.)"
                                R"(ResourceNotFoundException","message":")"));
  EXPECT_THAT(error, HasSubstr("(Service: Lambda, Status Code: 404, Request ID: "));
}

TEST_F(JourneyDropIn, OptionRetriesErrorsThatWillNotPass) {
  const auto job = run_function("not-there", "1", R"({"retryPermanentErrors":"true"})");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 3U);
}

TEST_F(JourneyDropIn, AsynchronousOperationIsCarriedOut) {
  const auto job =
      run_function("echo", "1", R"({"resultVariable":"answer"})", R"(,"operationType":"async")");
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(last().invocation_type, "Event");
  EXPECT_THAT(job.completion_variables, HasSubstr(R"("statusCode":202)"));
  EXPECT_THAT(job.completion_variables, HasSubstr(R"("payload":null)"));
}

TEST_F(JourneyDropIn, StringPayloadFollowsItsRule) {
  const auto* const quoted = R"({"resultVariable":"answer","stringPayload":"quoted"})";
  EXPECT_EQ(run_function("echo", R"("{\"a\":1}")").state, job_state::completed);
  EXPECT_EQ(last().payload, R"({"a":1})");
  EXPECT_EQ(run_function("echo", R"("{\"a\":1}")", quoted).state, job_state::completed);
  EXPECT_EQ(last().payload, R"("{\"a\":1}")");
  EXPECT_EQ(run_function("echo", R"("")").state, job_state::completed);
  EXPECT_EQ(last().payload, R"("")");
}

TEST_F(JourneyDropIn, FunctionSeesTheJobWhenTheTaskAsks) {
  const auto job = run_function("echo", "1", R"({"jobContext":"true"})");
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(last().job_key, std::to_string(job.key));
}

TEST_F(JourneyDropIn, AlikeTaskOfAnotherTypeNeedsTheProfile) {
  const auto other = env_.another_worker({{"LAMBDA_CONNECTOR_JOB_TYPES", "my-lambda=invoke"},
                                          {"LAMBDA_CONNECTOR_PROFILE", "camunda"}});
  job_spec spec;
  spec.type = "my-lambda";
  spec.variables =
      fmt::format(R"({{"authentication":{{{}}},"configuration":{{"region":"us-east-1"}},)"
                  R"("awsFunction":{{"functionName":"echo","payload":7}}}})",
                  keys);
  spec.headers = R"({"resultVariable":"r"})";
  const auto job = env_.run(spec);
  EXPECT_EQ(job.completion_variables,
            R"({"r":{"statusCode":200,"executedVersion":"$LATEST","payload":7}})");
}

TEST_F(JourneyDropIn, NoSecretIsInAMessageOrTheErrorObject) {
  const auto job = run_function("{{secrets.TOKEN}}", "1");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, Not(HasSubstr("t0ken-of-a-test")));
  for (const auto& each : job.local_variables) {
    if (each.name == "error") EXPECT_THAT(each.value, Not(HasSubstr("t0ken-of-a-test")));
  }
}

class JourneyDropInUrl : public JourneyDropIn {
 protected:
  JourneyDropInUrl() : JourneyDropIn({{"ALLOWED_HOSTS", "local*:*"}}) {}
};

TEST_F(JourneyDropInUrl, FunctionUrlCountsAsAName) {
  const auto job = run_function(env_.lambda().endpoint() + "/function-url/echo", R"({"n": 1.10})");
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(job.completion_variables, HasSubstr(R"("payload":{"n": 1.10}})"));
  EXPECT_EQ(last().header("x-job-key"), "");
}

TEST_F(JourneyDropIn, HostOfAFunctionUrlNeedsTheOperator) {
  const auto job = run_function(env_.lambda().endpoint() + "/function-url/echo", "1");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("FORBIDDEN: "));
}

}  // namespace
}  // namespace journey
