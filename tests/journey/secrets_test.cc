// Secrets on their way through the whole worker: from their sources to the function.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"
#include "tests/journey/with_secret.h"
#include "tests/sandbox/aws/secrets_manager.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

TEST(JourneySecrets, ListedNameIsPutIntoThePayload) {
  test_environment env(with_secret());
  const auto job = env.run(
      call_of("void", R"({"token":"{{secrets.TOKEN}}","n": 1.10})", R"({"secrets":"TOKEN"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.lambda().account().invocations().back().request.payload,
            R"({"token":"marked-secret-value-1","n": 1.10})");
}

TEST(JourneySecrets, UnlistedNameInDataIsRefusedWithTheHeaderToAdd) {
  test_environment env(with_secret());
  const auto job = env.run(call_of("echo", R"({"token":"{{secrets.TOKEN}}"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("secrets"));
  EXPECT_THAT(job.incident_message, HasSubstr("TOKEN"));
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
}

// Nothing that a user typed into a variable is looked up, `lambda.authentication` included: it
// would go to STS, or to the host of a function URL.
TEST(JourneySecrets, UnlistedNameInAuthenticationIsRefusedWithBothWays) {
  test_environment env(with_secret());
  for (const std::string fields :
       {R"("sessionTags":{"customer":"{{secrets.TOKEN}}"})",
        R"("sessionTags":{"{{secrets.TOKEN}}":"x"})", R"("externalId":"x{{secrets.TOKEN}}")",
        R"("roleSessionName":"{{secrets.TOKEN}}")"}) {
    job_spec spec;
    spec.variables = R"({"lambda":{"functionName":"echo","authentication":{"type":"assumeRole",)"
                     R"("roleArn":"arn:aws:iam::123456789012:role/r",)" +
                     fields + "}}}";
    const auto job = env.run(spec);
    EXPECT_THAT(job.incident_message, StartsWith("INVALID_INPUT: The input authentication holds "
                                                 "{{secrets.TOKEN}}."))
        << fields;
    EXPECT_THAT(job.incident_message, HasSubstr("secrets=")) << fields;
  }
  job_spec keys;
  keys.variables = R"({"lambda":{"functionName":"echo","authentication":{"type":"static",)"
                   R"("accessKeyId":"{{secrets.TOKEN}}","secretAccessKey":"0123456789"}}})";
  EXPECT_THAT(env.run(keys).incident_message,
              AllOf(HasSubstr("secrets=authentication.accessKeyId:TOKEN"),
                    HasSubstr("the custom header authentication.accessKeyId")));
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
}

TEST(JourneySecrets, ListedPlaceIsTheOnlyOneWhereANameCounts) {
  test_environment env(with_secret());
  const std::string header = R"({"secrets":"payload.key:TOKEN"})";
  const auto job =
      env.run(call_of("void", R"({"key":"{{secrets.TOKEN}}","t":"secrets.TOKEN"})", header));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.lambda().account().invocations().back().request.payload,
            R"({"key":"marked-secret-value-1","t":"secrets.TOKEN"})");
  const auto typed = env.run(
      call_of("void", R"({"key":"{{secrets.TOKEN}}","comment":"{{secrets.TOKEN}}"})", header));
  EXPECT_THAT(typed.incident_message, HasSubstr("secrets=payload.key:TOKEN,payload.comment:TOKEN"));
  EXPECT_EQ(env.lambda().account().counted().executions, 1U);
}

TEST(JourneySecrets, OrdinaryTextStaysText) {
  test_environment env(with_secret());
  const auto job = env.run(call_of("echo", R"({"file":"secrets.json","t":"see secrets.TOKEN"})"));
  EXPECT_EQ(job.process_variable("payload"), R"({"file":"secrets.json","t":"see secrets.TOKEN"})");
}

TEST(JourneySecrets, MissingSecretIsAnIncidentWithItsNameOnly) {
  test_environment env(with_secret());
  const auto job = env.run(call_of("echo", R"("{{secrets.OTHER}}")", R"({"secrets":"OTHER"})"));
  EXPECT_THAT(job.incident_message, StartsWith("SECRET_ERROR: "));
  EXPECT_THAT(job.incident_message, HasSubstr("OTHER"));
}

TEST(JourneySecrets, KeysOfATaskMayBeReferences) {
  // given
  test_environment_options options;
  const sandbox::access_key key;
  options.worker = {{"SECRET_KEY_ID", key.id},
                    {"SECRET_KEY", key.secret},
                    {"AWS_SECRET_ACCESS_KEY", "some-other-secret-key-0123456789"}};
  test_environment env(options);
  job_spec spec;
  spec.variables = R"({"lambda":{"functionName":"echo","payload":1,"authentication":{
      "type":"static","accessKeyId":"{{secrets.KEY_ID}}","secretAccessKey":"secrets.KEY"}}})";
  spec.headers =
      R"({"secrets":"authentication.accessKeyId:KEY_ID,authentication.secretAccessKey:KEY"})";

  // when
  const auto job = env.run(spec);

  // then
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
}

// The worker keeps a copy of the secret. It uses the copy while Secrets Manager does not answer,
// and reads the secret again before it calls a name missing.
TEST(JourneySecrets, SecretsManagerIsASourceWhoseCopyOutlivesAnOutage) {
  sandbox::secrets_manager store;
  store.put("orders", R"({"TOKEN":"first-marked-value"})");
  test_environment_options options;
  options.worker = {{"SECRETS_AWS_SECRET_ID", "orders"},
                    {"SECRETS_AWS_REFRESH", "1s"},
                    {"AWS_ENDPOINT_URL_SECRETS_MANAGER", store.url()}};
  test_environment env(options);
  const auto task = call_of("void", R"("{{secrets.TOKEN}}")", R"({"secrets":"TOKEN"})");
  const auto sent = [&] {
    const auto job = env.run(task);
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    return env.lambda().account().invocations().back().request.payload;
  };
  EXPECT_EQ(sent(), R"("first-marked-value")");
  store.fail(500, "InternalServiceError");
  const auto asked = store.count();
  ASSERT_TRUE(env.wait([&] { return store.count() > asked; }));
  EXPECT_EQ(sent(), R"("first-marked-value")");
  store.put("orders", R"({"TOKEN":"second-marked-value"})");
  store.fail(0, "");
  EXPECT_TRUE(env.wait([&] { return sent() == R"("second-marked-value")"; }));
}

TEST(JourneySecrets, SecretsManagerThatIsAwayIsARetryNotAnIncident) {
  // given
  sandbox::secrets_manager store;
  store.fail(500, "InternalServiceError");
  test_environment_options options;
  options.worker = {{"SECRETS_AWS_SECRET_ID", "orders"},
                    {"AWS_ENDPOINT_URL_SECRETS_MANAGER", store.url()}};
  test_environment env(options);

  // when
  const auto key =
      env.engine().create(call_of("void", R"("{{secrets.TOKEN}}")", R"({"secrets":"TOKEN"})"));
  ASSERT_TRUE(env.wait([&] { return env.account(key).state == job_state::backoff; }));

  // then
  const auto job = env.account(key);
  EXPECT_EQ(job.retries, 2);
  EXPECT_THAT(job.fail_message, StartsWith("SECRET_ERROR: "));
  EXPECT_THAT(job.fail_message, HasSubstr("Secrets Manager"));
}

}  // namespace
}  // namespace journey
