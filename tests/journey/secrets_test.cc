// Secrets on their way through the whole worker: they reach the function, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/secrets_manager.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr auto marked = "marked-secret-value-1";

test_environment_options with_secret() {
  test_environment_options options;
  options.worker = {{"SECRET_TOKEN", marked}};
  return options;
}

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

TEST(JourneySecrets, ValueIsMaskedInMessagesLogsAndErrors) {
  test_environment env(with_secret());
  env.lambda().register_function("leaky", [](const sandbox::invocation& in) {
    auto out = sandbox::function_failure("Leak", "got " + in.payload);
    out.log = "got " + in.payload;
    return out;
  });
  const std::string headers = R"({"secrets":"TOKEN"})";
  const auto completed = env.run(call_of("leaky", R"({"t":"{{secrets.TOKEN}}"})", headers));
  EXPECT_THAT(completed.process_variable("error").value_or(""), HasSubstr("***"));
  EXPECT_THAT(completed.process_variable("error").value_or(""), Not(HasSubstr(marked)));
  EXPECT_THAT(completed.process_variable("log").value_or(""), Not(HasSubstr(marked)));
  const auto failed =
      env.run(call_of("leaky", R"({"t":"{{secrets.TOKEN}}"})",
                      R"({"secrets":"TOKEN","onFunctionError":"fail","retryBackoff":"PT0S"})"));
  EXPECT_THAT(failed.incident_message, HasSubstr("***"));
  EXPECT_THAT(failed.incident_message, Not(HasSubstr(marked)));
}

// The value of one job's secret may be a word of another's answer.
TEST(JourneySecrets, WhatAJobThrowsDependsOnNoOtherJobsSecret) {
  auto options = with_secret();
  options.worker["SECRET_USER"] = "Order";
  test_environment env(options);
  env.lambda().register_function("rejects", [](const sandbox::invocation& /*in*/) {
    auto out = sandbox::function_failure("OrderRejected", "Order 7 is late");
    out.log = "Order 7";
    return out;
  });
  const auto using_it = [](const std::string& more) {
    return call_of("rejects", R"("{{secrets.USER}}")",
                   R"({"secrets":"payload:USER","retryBackoff":"PT0S")" + more + "}");
  };
  const auto own = env.run(using_it(R"(,"onFunctionError":"bpmnError")"));
  EXPECT_EQ(own.error_code, "FUNCTION_ERROR");
  EXPECT_THAT(own.error_message, AllOf(HasSubstr("***Rejected"), Not(HasSubstr("Order"))));
  EXPECT_THAT(own.error_variables, Not(HasSubstr("Order")));
  const auto listed = env.run(using_it(R"(,"bpmnErrors":"OrderRejected")"));
  EXPECT_EQ(listed.error_code, "FUNCTION_ERROR");

  const auto other = env.run(call_of("rejects", "1", R"({"bpmnErrors":"OrderRejected"})"));
  EXPECT_EQ(other.error_code, "OrderRejected");
  EXPECT_THAT(other.error_message, HasSubstr("OrderRejected: Order 7 is late"));
  const auto completed = env.run(call_of("rejects", "1"));
  EXPECT_THAT(completed.process_variable("log").value_or(""), HasSubstr("Order 7"));
  EXPECT_THAT(completed.process_variable("error").value_or(""), HasSubstr("OrderRejected"));
}

// A host is written in lower case in messages, and a path is cut off it.
TEST(JourneySecrets, SecretInAUrlIsMaskedInOurOwnMessages) {
  // given
  auto options = with_secret();
  options.worker["ALLOWED_HOSTS"] = "*.localhost:1";
  options.worker["SECRET_HOST"] = "MyTenant-9f8e7d";
  options.worker["SECRET_PATH"] = "pass+word/9f8e7d";
  options.worker["SECRET_URL"] = "https://Hooks-9f8e7d.localhost:1/services/T00?k=v1";
  test_environment env(options);

  // when
  std::string said;
  for (const std::string function :
       {"https://{{secrets.HOST}}.localhost:1/x", "https://{{secrets.HOST}}.example.com/",
        "https://host.localhost:1/{{secrets.PATH}}", "https://host.localhost:{{secrets.PATH}}/",
        "https://{{secrets.PATH}}.localhost:1/", "secrets.URL", "{{secrets.URL}}#"}) {
    job_spec spec;
    spec.headers = R"({"functionName":")" + function +
                   R"(","region":"us-east-1","timeout":"PT1S","onError":"complete"})";
    spec.retries = 1;
    const auto job = env.run(spec);
    const auto error = job.process_variable("error").value_or("");
    EXPECT_THAT(error, HasSubstr("\"code\":")) << function;
    said += job.incident_message + job.fail_message + error + "\n";
  }

  // then
  EXPECT_THAT(said, HasSubstr("***.localhost"));
  for (const auto* const part : {"9f8e", "ooks-", "T00", "pass"}) {
    EXPECT_THAT(said, Not(HasSubstr(part)));
  }
}

// Where texts are cut, a value that lies across the cut must not leave its front behind.
TEST(JourneySecrets, ValueIsMaskedBeforeTextsAreCut) {
  test_environment env(with_secret());
  env.lambda().register_function("leaky", [](const sandbox::invocation& in) {
    return sandbox::function_failure("Leak", std::string(9985, 'x') + in.payload);
  });
  env.lambda().register_function("refused", [](const sandbox::invocation& in) {
    return sandbox::service_error(400, "KMSInvalidStateException",
                                  std::string(985, 'x') + in.payload);
  });
  const std::string payload = R"({"t":"{{secrets.TOKEN}}"})";
  const auto leaked = env.run(call_of("leaky", payload, R"({"secrets":"TOKEN"})"));
  EXPECT_THAT(leaked.process_variable("error").value_or(""), HasSubstr("***"));
  EXPECT_THAT(leaked.process_variable("error").value_or(""), Not(HasSubstr("marked")));
  const auto refused = env.run(call_of("refused", payload, R"({"secrets":"TOKEN"})"));
  EXPECT_THAT(refused.incident_message, HasSubstr("***"));
  EXPECT_THAT(refused.incident_message, Not(HasSubstr("marked")));
  const auto long_name = std::string(56, 'n') + "{{secrets.TOKEN}}";
  job_spec misspelt;
  misspelt.variables =
      R"({"lambda":{"functionName":"echo","authentication":{")" + long_name + R"(":1}}})";
  misspelt.headers = R"({"secrets":"TOKEN"})";
  const auto named = env.run(misspelt);
  EXPECT_THAT(named.incident_message, HasSubstr("nnn***"));
  EXPECT_THAT(named.incident_message, Not(HasSubstr("marked")));
}

// The last 4 KB of a log may begin inside a character.
TEST(JourneySecrets, RestOfAValueAtTheStartOfALogIsMasked) {
  const std::string secret = "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC-marked-rest";
  auto options = with_secret();
  options.worker["SECRET_TOKEN"] = secret;
  test_environment env(options);
  // What the runtime writes after it: the ends of the lines, and two lines with the request's id.
  const std::size_t after = 192;
  for (std::size_t left = 1; left < secret.size(); ++left) {
    env.lambda().register_function("logs", [&secret, left](const sandbox::invocation& /*in*/) {
      auto out = sandbox::json_answer("1");
      out.log = secret + std::string(4096 - after - left, '.');
      return out;
    });
    const auto job = env.run(call_of("logs", R"("{{secrets.TOKEN}}")", R"({"secrets":"TOKEN"})"));
    const auto log = job.process_variable("log").value_or("");
    EXPECT_THAT(log, Not(HasSubstr("rest"))) << left;
    if (left >= 12) EXPECT_THAT(log, StartsWith("\"***...")) << left;
  }
}

// While one call is under way, other tasks use more secrets than redaction keeps.
TEST(JourneySecrets, ValueOfACallUnderWayIsMaskedWhateverOthersUse) {
  // given
  const tests::temporary_folder folder;
  auto options = with_secret();
  options.worker["SECRETS_DIR"] = folder.path();
  options.worker["ALLOWED_FUNCTIONS"] = "leaky";
  test_environment env(options);
  env.lambda().register_function("leaky", [](const sandbox::invocation& in) {
    return sandbox::function_failure("Leak", "got " + in.payload);
  });
  env.lambda().hang_handshakes(true);
  const auto key = env.engine().create(
      call_of("leaky", R"({"t":"{{secrets.TOKEN}}"})", R"({"secrets":"TOKEN"})"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().active_jobs == 1; }));

  // when
  for (int task = 0; task < 11; ++task) {
    std::string payload;
    std::string names;
    for (int i = 0; i < 100; ++i) {
      const auto name = "N" + std::to_string(100 * task + i);
      folder.write(name, std::to_string(100'000 + 100 * task + i) + "-of-another-task");
      payload += (i == 0 ? "[\"secrets." : "\",\"secrets.") + name;
      names += (i == 0 ? "" : ",") + name;
    }
    const auto job = env.run(call_of("other", payload + "\"]", R"({"secrets":")" + names + "\"}"));
    EXPECT_THAT(job.incident_message, StartsWith("FORBIDDEN: "));
  }
  env.lambda().hang_handshakes(false);

  // then
  const auto error = env.wait_ended(key).process_variable("error").value_or("");
  EXPECT_THAT(error, HasSubstr("***"));
  EXPECT_THAT(error, Not(HasSubstr(marked)));
}

TEST(JourneySecrets, AnswerIsTheFunctionsUnlessItIsToBeMasked) {
  test_environment env(with_secret());
  const std::string payload = R"({"t":"{{secrets.TOKEN}}"})";
  EXPECT_THAT(env.run(call_of("echo", payload, R"({"secrets":"TOKEN"})"))
                  .process_variable("payload")
                  .value_or(""),
              HasSubstr(marked));
  EXPECT_EQ(env.run(call_of("echo", payload, R"({"secrets":"TOKEN","maskPayload":"true"})"))
                .process_variable("payload"),
            R"({"t":"***"})");
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
