// Jobs that call as a role: from the input to STS to a call signed with the session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/sts.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr auto role = "arn:aws:iam::123456789012:role/orders";

class JourneyRoles : public testing::Test {
 protected:
  // The worker has keys of its own, the roles of the account are allowed to jobs.
  explicit JourneyRoles(bool allowed = true) {
    test_environment_options options;
    options.worker = {{"AWS_ENDPOINT_URL_STS", sts.url()},
                      {"SECRET_EXTERNAL_ID", "ext-42"},
                      {"CAMUNDA_CLIENT_WORKER_DEFAULTS_NAME", "orders worker"}};
    if (allowed) options.worker["ALLOWED_ROLE_ARNS"] = "arn:aws:iam::123456789012:role/*";
    options.start_worker = false;
    env = std::make_unique<test_environment>(std::move(options));
    sts.on_new_keys([this](std::vector<sandbox::access_key> keys) {
      known = keys;
      env->lambda().set_keys(std::move(keys));
    });
    env->start_worker();
  }

  ~JourneyRoles() override { sts.on_new_keys({}); }

  static job_spec call_as_role(const std::string& more = "") {
    job_spec spec;
    spec.variables = std::string(R"({"lambda":{"functionName":"echo","payload":1,)") +
                     R"("authentication":{"type":"assumeRole","roleArn":")" + role + "\"" + more +
                     "}}}";
    return spec;
  }

  std::vector<sandbox::access_key> known;  // of the last on_new_keys; read when no job runs
  sandbox::sts sts;
  std::unique_ptr<test_environment> env;
};

TEST_F(JourneyRoles, CallsAreSignedWithTheSessionAndStsIsAskedOnce) {
  // given
  std::vector<std::int64_t> jobs;

  // when
  for (int i = 0; i < 100; ++i) jobs.push_back(env->engine().create(call_as_role()));
  for (const auto job : jobs) {
    const auto ended = env->wait_ended(job);
    ASSERT_EQ(ended.state, job_state::completed) << ended.incident_message;
  }

  // then
  ASSERT_EQ(sts.count(), 1U);
  const auto asked = sts.calls().front();
  EXPECT_EQ(asked.fields.at("RoleArn"), role);
  EXPECT_EQ(asked.fields.at("RoleSessionName"), "orders-worker");
  EXPECT_EQ(asked.access_key_id, sandbox::access_key{}.id);
  std::set<std::string> signed_by;
  for (const auto& call : env->lambda().account().invocations()) {
    signed_by.insert(call.request.access_key_id);
  }
  EXPECT_EQ(signed_by, std::set<std::string>{"ASIASTS1"});
}

TEST_F(JourneyRoles, ExternalIdMayBeASecret) {
  sts.require_external_id(role, "ext-42");
  auto spec = call_as_role(R"(,"externalId":"{{secrets.EXTERNAL_ID}}")");
  spec.headers = R"({"secrets":"authentication.externalId:EXTERNAL_ID"})";
  const auto job = env->run(spec);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
}

TEST_F(JourneyRoles, RefusalOfStsIsAnIncidentThatSaysWhy) {
  sts.require_external_id(role, "ext-42");
  const auto job = env->run(call_as_role());
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message,
              AllOf(StartsWith("CREDENTIALS_ERROR: "), HasSubstr("AccessDenied"), HasSubstr(role),
                    Not(HasSubstr("ext-42"))));
  EXPECT_EQ(env->lambda().account().counted().requests, 0U);
}

TEST_F(JourneyRoles, ExpiredSessionIsRenewedWithinTheJob) {
  ASSERT_EQ(env->run(call_as_role()).state, job_state::completed);
  // To Lambda the session has expired, whatever STS said.
  auto keys = known;
  for (auto& each : keys) {
    if (each.id == "ASIASTS1") each.expires = std::chrono::system_clock::now() - milliseconds(1000);
  }
  env->lambda().set_keys(keys);
  const auto job = env->run(call_as_role());
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.fails, 0U);
  EXPECT_EQ(sts.count(), 2U);
  EXPECT_EQ(env->lambda().account().invocations().back().request.access_key_id, "ASIASTS2");
}

class JourneyRolesNotAllowed : public JourneyRoles {
 protected:
  JourneyRolesNotAllowed() : JourneyRoles(false) {}
};

TEST_F(JourneyRolesNotAllowed, JobsMayNameNoRoleUnlessTheOperatorSaysSo) {
  const auto job = env->run(call_as_role());
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message,
              AllOf(StartsWith("FORBIDDEN: "), HasSubstr("ALLOWED_ROLE_ARNS")));
  EXPECT_EQ(sts.count(), 0U);
}

}  // namespace
}  // namespace journey
