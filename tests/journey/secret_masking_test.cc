// Secrets on their way through the whole worker: no message, log or variable shows one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"
#include "tests/journey/with_secret.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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

}  // namespace
}  // namespace journey
