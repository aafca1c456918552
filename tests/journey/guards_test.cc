// The operator's lists in a whole worker: a refused call is an incident at once, and the worker
// sends no request for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/log.h"
#include "tests/journey/test_environment.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class JourneyGuards : public testing::Test {
 protected:
  // The worker reads this file.
  void config_file(const std::string& yaml) {
    folder_.write("worker.yaml", yaml);
    options_.worker["LAMBDA_CONNECTOR_CONFIG"] = folder_.at("worker.yaml");
  }
  void set(const std::string& variable, const std::string& value) {
    options_.worker[variable] = value;
  }
  test_environment& env() {
    if (!environment_) environment_ = std::make_unique<test_environment>(options_);
    return *environment_;
  }
  job_account run(const std::string& inputs, const std::string& process = "journey") {
    job_spec spec;
    spec.variables = R"({"lambda":)" + inputs + "}";
    spec.bpmn_process_id = process;
    spec.headers = R"({"secrets":"authentication.secretAccessKey:KEY"})";
    spec.retries = 2;  // what is refused for good ends at the first
    return env().run(spec);
  }
  void expect_completed(const job_account& job) {
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  }
  void expect_refused(const job_account& job, const std::string& list) {
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_EQ(job.fails, 1U);
    EXPECT_THAT(job.incident_message, AllOf(StartsWith("FORBIDDEN: "), HasSubstr(list)));
  }

  tests::temporary_folder folder_;
  test_environment_options options_;
  std::unique_ptr<test_environment> environment_;
};

TEST_F(JourneyGuards, FunctionThatIsNotOnTheListIsNeverCalled) {
  set("ALLOWED_FUNCTIONS", "ech*");
  expect_completed(run(R"({"functionName":"echo"})"));
  const auto refused = run(R"({"functionName":"void"})");
  expect_refused(refused, "ALLOWED_FUNCTIONS");
  EXPECT_THAT(refused.incident_message, Not(HasSubstr("ech*")));
  EXPECT_EQ(env().lambda().account().counted().requests, 1U);
}

TEST_F(JourneyGuards, PlainPatternLetsNoArnOfAnotherAccountPass) {
  set("ALLOWED_FUNCTIONS", "*echo*");
  for (const std::string name :
       {"arn:aws:lambda:us-east-1:999999999999:function:echo", "999999999999:function:echo",
        "us-east-1:999999999999:function:echo", "999999999999:echo"}) {
    expect_refused(run(R"({"functionName":")" + name + R"("})"), "ALLOWED_FUNCTIONS");
  }
  EXPECT_EQ(env().lambda().account().counted().requests, 0U);
}

TEST_F(JourneyGuards, EndpointOfAJobNeedsAnAllowedHost) {
  expect_refused(run(R"({"functionName":"echo","endpoint":"https://evil.example"})"),
                 "ALLOWED_HOSTS");
  expect_refused(run(R"({"functionName":"echo","endpoint":"http://169.254.169.254/"})"),
                 "ALLOWED_HOSTS");
  EXPECT_EQ(env().lambda().account().counted().requests, 0U);
}

TEST_F(JourneyGuards, HostThatIsOnlyMatchedByAPatternMayNotBePrivate) {
  set("ALLOWED_HOSTS", "local*:*");
  const auto job = run(R"({"functionName":"echo","endpoint":"https://localhost:9"})");
  EXPECT_EQ(job.state, job_state::incident);
  // For good, although the name may come to lead elsewhere: as for a host that is on no list.
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message,
              AllOf(StartsWith("FORBIDDEN: "),
                    HasSubstr("ALLOWED_HOSTS of this worker does not name this host")));
}

TEST_F(JourneyGuards, MetadataServiceIsOutOfReachEvenWhenItIsListed) {
  set("ALLOWED_HOSTS", "http://169.254.169.254");
  const auto job = run(R"({"functionName":"echo","endpoint":"http://169.254.169.254/"})");
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_THAT(job.incident_message, AllOf(StartsWith("FORBIDDEN: "), HasSubstr("metadata")));
}

TEST_F(JourneyGuards, RuleOfTheFileNarrowsForItsProcessAlone) {
  config_file(
      "guards:\n  rules:\n"
      "    - processes: [invoice-*]\n      allowedFunctions: [void]\n");
  expect_completed(run(R"({"functionName":"echo"})", "orders"));
  expect_completed(run(R"({"functionName":"void"})", "invoice-eu"));
  expect_refused(run(R"({"functionName":"echo"})", "invoice-eu"),
                 "guards.rules[1].allowedFunctions");
}

TEST_F(JourneyGuards, SecretThatIsNotAllowedIsNotPutIn) {
  set("SECRET_OURS", "marked-secret-1");
  set("SECRET_THEIRS", "marked-secret-2");
  set("ALLOWED_SECRETS", "OURS");
  const auto spec = [](const std::string& name) {
    return call_of("echo", R"("{{secrets.)" + name + R"(}}")", R"({"secrets":"OURS,THEIRS"})");
  };
  expect_completed(env().run(spec("OURS")));
  const auto refused = env().run(spec("THEIRS"));
  EXPECT_EQ(refused.state, job_state::incident);
  EXPECT_THAT(
      refused.incident_message,
      AllOf(StartsWith("SECRET_ERROR: "), HasSubstr("ALLOWED_SECRETS"), Not(HasSubstr("marked"))));
  EXPECT_EQ(env().lambda().account().counted().executions, 1U);
}

TEST_F(JourneyGuards, KeyInClearIsRefusedWhereReferencesAreRequired) {
  set("REQUIRE_SECRET_REFERENCES", "true");
  const sandbox::access_key key;
  set("SECRET_KEY", key.secret);
  const auto with = [&](const std::string& secret) {
    return R"({"functionName":"echo","authentication":{"type":"static","accessKeyId":")" + key.id +
           R"(","secretAccessKey":")" + secret + R"("}})";
  };
  expect_completed(run(with("{{secrets.KEY}}")));
  const auto refused = run(with(key.secret));
  EXPECT_EQ(refused.state, job_state::incident);
  EXPECT_THAT(refused.incident_message,
              AllOf(StartsWith("INVALID_INPUT: "), HasSubstr("authentication.secretAccessKey"),
                    Not(HasSubstr(key.secret))));
}

TEST_F(JourneyGuards, KeyInClearIsTakenWithOneWarningOtherwise) {
  // given
  connector::log::set_up(connector::log::level::info, connector::log::format::json);
  testing::internal::CaptureStdout();
  const sandbox::access_key key;
  const auto task = R"({"functionName":"echo","authentication":{"type":"static","accessKeyId":")" +
                    key.id + R"(","secretAccessKey":")" + key.secret + R"("}})";

  // when
  const auto first = run(task);
  const auto second = run(task);
  environment_.reset();
  connector::log::shut_down();

  // then
  const auto logged = testing::internal::GetCapturedStdout();
  expect_completed(first);
  expect_completed(second);
  const std::string warning = "a task gives a key in clear";
  const auto at = logged.find(warning);
  ASSERT_NE(at, std::string::npos) << logged;
  EXPECT_EQ(logged.find(warning, at + 1), std::string::npos) << "the warning comes once";
  EXPECT_THAT(logged, Not(HasSubstr(key.secret)));
}

TEST_F(JourneyGuards, ProfileOfTheFileGivesTheKeysOfACall) {
  // given
  const sandbox::access_key key;
  set("SECRET_BILLING_KEY", key.secret);
  // The worker itself has keys that Lambda does not know.
  set("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN");
  set("AWS_SECRET_ACCESS_KEY", "unknown");
  config_file("profiles:\n  billing:\n    source: keys\n    accessKeyId: " + key.id +
              "\n    secretAccessKey: '{{secrets.BILLING_KEY}}'\n"
              "  other: {source: profile, profile: billing}\n"
              "guards: {allowedProfiles: [billing, misspelt]}\n");
  const auto as = [](const std::string& name) {
    return R"({"functionName":"echo","authentication":{"type":"profile","name":")" + name +
           R"("}})";
  };

  // when: the profile that is allowed, one that is not, one that is not there, and no profile
  expect_completed(run(as("billing")));
  expect_refused(run(as("other")), "ALLOWED_PROFILES");
  const auto missing = run(as("misspelt"));
  EXPECT_EQ(missing.state, job_state::incident);
  EXPECT_THAT(missing.incident_message, HasSubstr("no credential profile of that name"));
  const auto own = run(R"({"functionName":"echo"})");
  EXPECT_EQ(own.state, job_state::incident);
  EXPECT_EQ(env().lambda().account().counted().executions, 1U);
}

TEST_F(JourneyGuards, RoleIsRefusedWithoutAList) {
  expect_refused(run(R"({"functionName":"echo","authentication":{"type":"assumeRole",)"
                     R"("roleArn":"arn:aws:iam::111111111111:role/admin"}})"),
                 "ALLOWED_ROLE_ARNS");
  EXPECT_EQ(env().lambda().account().counted().requests, 0U);
}

}  // namespace
}  // namespace journey
