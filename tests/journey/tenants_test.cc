// One worker for several tenants of an engine: whose jobs it takes, what a rule for one tenant
// means, and what the figures say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"
#include "tests/unit/worker/admin/plain_client.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using testing::HasSubstr;

class JourneyTenants : public testing::Test {
 protected:
  JourneyTenants() {
    options_.engine.multi_tenancy = true;
    options_.engine.tenants = {"blue", "green", "red"};
    options_.worker["CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS"] = "blue,green";
  }
  test_environment& env() {
    if (!environment_) environment_ = std::make_unique<test_environment>(options_);
    return *environment_;
  }
  static job_spec of_tenant(const std::string& tenant, const std::string& payload = "1") {
    auto spec = call_of("echo", payload);
    spec.tenant_id = tenant;
    return spec;
  }

  tests::temporary_folder folder_;
  test_environment_options options_;
  std::unique_ptr<test_environment> environment_;
};

TEST_F(JourneyTenants, OneWorkerTakesTheJobsOfItsTenantsAndOfNoOther) {
  const auto other = env().engine().create(of_tenant("red"));
  EXPECT_EQ(env().run(of_tenant("blue")).state, job_state::completed);
  EXPECT_EQ(env().run(of_tenant("green")).state, job_state::completed);
  EXPECT_EQ(env().account(other).activated(), 0U);
  env().engine().cancel(other);
}

TEST_F(JourneyTenants, WithoutAStreamPollsAskForTheSameTenants) {
  options_.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED"] = "false";
  const auto other = env().engine().create(of_tenant("red"));
  EXPECT_EQ(env().run(of_tenant("blue")).state, job_state::completed);
  EXPECT_EQ(env().run(of_tenant("green")).state, job_state::completed);
  EXPECT_EQ(env().account(other).activated(), 0U);
  env().engine().cancel(other);
}

TEST_F(JourneyTenants, TheFunctionIsToldTheTenant) {
  EXPECT_EQ(env().run(of_tenant("green")).state, job_state::completed);
  EXPECT_THAT(env().lambda().account().invocations().back().request.client_context,
              HasSubstr(R"("tenantId":"green")"));
}

TEST_F(JourneyTenants, EachFindsItsOwnSecretAndNoneOfAnother) {
  // given
  options_.worker["SECRET_TOKEN"] = "of-all";
  options_.worker["SECRET_blue__TOKEN"] = "of-blue";
  folder_.write("green/TOKEN", "of-green");
  options_.worker["SECRETS_DIR"] = folder_.path();
  options_.engine.tenants.push_back("yellow");
  options_.worker["CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS"] = "blue,green,yellow";
  const auto found = [&](const std::string& tenant, const std::string& name) {
    auto spec = of_tenant(tenant);
    spec.headers = R"({"payload":"{{secrets.)" + name + R"(}}"})";
    spec.variables = R"({"lambda":{"functionName":"echo"}})";
    const auto job = env().run(spec);
    if (job.state != job_state::completed) return std::string("none");
    return env().lambda().account().invocations().back().request.payload;
  };

  // then
  EXPECT_EQ(found("blue", "TOKEN"), "\"of-blue\"");
  EXPECT_EQ(found("green", "TOKEN"), "\"of-green\"");
  EXPECT_EQ(found("yellow", "TOKEN"), "\"of-all\"");
  for (const auto* name : {"green/TOKEN", "green__TOKEN", "blue__TOKEN"}) {
    EXPECT_EQ(found("yellow", name), "none") << name;
  }
}

TEST_F(JourneyTenants, ARuleOfATenantCountsForItAlone) {
  folder_.write("worker.yaml",
                "guards:\n  rules:\n    - tenants: [blue]\n      allowedSecrets: [OURS]\n");
  options_.worker["LAMBDA_CONNECTOR_CONFIG"] = folder_.at("worker.yaml");
  options_.worker["SECRET_THEIRS"] = "marked-secret-1";
  const auto with_secret = [](const std::string& tenant) {
    auto spec = call_of("echo", R"("{{secrets.THEIRS}}")", R"({"secrets":"THEIRS"})");
    spec.tenant_id = tenant;
    return spec;
  };
  EXPECT_EQ(env().run(with_secret("green")).state, job_state::completed);
  const auto refused = env().run(with_secret("blue"));
  EXPECT_EQ(refused.state, job_state::incident);
  EXPECT_THAT(refused.incident_message, HasSubstr("THEIRS"));
}

TEST_F(JourneyTenants, TheFiguresNameTheTenant) {
  options_.worker["LAMBDA_CONNECTOR_ADMIN_ADDRESS"] = "127.0.0.1:0";
  EXPECT_EQ(env().run(of_tenant("blue")).state, job_state::completed);
  EXPECT_EQ(env().run(of_tenant("green")).state, job_state::completed);
  std::string page;
  EXPECT_TRUE(env().wait([&] {
    page = admin_tests::get(env().worker().admin_port(), "/metrics").body;
    return page.find(R"(jobs_ended_of_tenant_total{tenant="green",end="completed"} 1)") !=
           std::string::npos;
  })) << page;
  EXPECT_THAT(page, HasSubstr(R"(jobs_ended_of_tenant_total{tenant="blue",end="completed"} 1)"));
}

// The gateway refuses the poll of a tenant that the worker may not use; the worker goes on asking.
TEST_F(JourneyTenants, ATenantThatTheEngineDoesNotAllowGivesNoJobs) {
  options_.worker["CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS"] = "blue,yellow";
  const auto job = env().engine().create(of_tenant("blue"));
  ASSERT_TRUE(
      env().wait([&] { return env().engine().calls(sandbox::engine::rpc::activate_jobs) >= 2; }));
  EXPECT_EQ(env().account(job).activated(), 0U);
  env().engine().cancel(job);
}

}  // namespace
}  // namespace journey
