// The worker at gateways of 8.8, 8.9 and 8.10, each with its fields and its refusals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"
#include "tests/unit/sandbox/engine_client.h"

namespace journey {
namespace {

using sandbox::engine::rpc;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using worker::jobs::job_end;
namespace gw = gateway_protocol;

class JourneyWireVersions : public testing::TestWithParam<int> {
 protected:
  static bool leases() { return GetParam() >= 10; }

  // Activations last for a second, so that calls of seconds need extensions.
  static test_environment_options at_version(environment_variables worker = {}) {
    auto options = short_lease(std::move(worker));
    options.engine.speaks.minor = GetParam();
    options.engine.gateway_version = "8." + std::to_string(GetParam()) + ".3";
    return options;
  }
  static std::uint64_t executions(test_environment& env, const job_account& job) {
    return env.lambda().account().job(std::to_string(job.key)).executions;
  }
};

TEST_P(JourneyWireVersions, JobsArePushedPolledExtendedAndCompleted) {
  for (const std::string stream : {"true", "false"}) {
    SCOPED_TRACE(stream);
    test_environment env(at_version({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", stream},
                                     {"LAMBDA_CONNECTOR_JOB_LEASE", "offered"}}));
    const auto quick = env.run(call_of("echo", R"({"n":12345678901234567890})"));
    EXPECT_EQ(quick.state, job_state::completed) << quick.incident_message;
    EXPECT_EQ(quick.process_variable("payload"), R"({"n":12345678901234567890})");
    const auto slow = env.run(call_of("slow", R"({"ms":1500})"));
    EXPECT_EQ(slow.state, job_state::completed);
    EXPECT_GE(slow.extended, 1U);
    EXPECT_EQ(executions(env, slow), 1U);
    EXPECT_EQ(slow.lease_token.empty(), !leases());
    EXPECT_EQ(slow.fenced, 0U);
  }
}

TEST_P(JourneyWireVersions, FailuresRetriesAndErrorsEndAsTheModelSays) {
  test_environment env(at_version({{"LAMBDA_CONNECTOR_JOB_LEASE", "offered"}}));
  auto thrown = call_of("fail", R"({"type":"NoStock"})", R"({"onFunctionError":"bpmnError"})");
  thrown.caught_errors = {"NoStock"};
  EXPECT_EQ(env.run(thrown).state, job_state::error_thrown);
  auto failed = call_of("fail", "{}", R"({"onFunctionError":"fail","retryBackoff":"PT0S"})");
  failed.retries = 2;
  const auto incident = env.run(failed);
  EXPECT_EQ(incident.state, job_state::incident);
  EXPECT_EQ(incident.fails, 2U);
  // A person gives it retries; the leased job comes to the worker again.
  ASSERT_TRUE(env.engine().resolve(incident.key, 1));
  ASSERT_TRUE(env.wait([&] { return env.account(incident.key).fails == 3; }));
}

TEST_P(JourneyWireVersions, AnAtMostOnceCallIsMarkedAndMadeOnce) {
  test_environment env(at_version({{"LAMBDA_CONNECTOR_JOB_LEASE", "offered"}}));
  const auto job = env.run(call_of("echo", "1", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_THAT(job.local_variable("lambdaCall").value_or(""), HasSubstr(std::to_string(job.key)));
  EXPECT_EQ(executions(env, job), 1U);
}

TEST_P(JourneyWireVersions, ACancelledInstanceSupersedesItsCall) {
  test_environment env(at_version());
  const auto key = env.engine().create(call_of("slow", R"({"ms":20000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  env.engine().cancel(key);
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
}

TEST_P(JourneyWireVersions, AListenersJobIsCompletedWithoutVariables) {
  test_environment env(at_version());
  auto spec = call_of("echo");
  spec.kind = 2;
  spec.listener_event = 2;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.completion_variables, "");
}

TEST_P(JourneyWireVersions, TheTenantsOfTheSettingsAreAskedFor) {
  auto options = at_version({{"CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS", "blue,green"}});
  options.engine.multi_tenancy = true;
  options.engine.tenants = {"blue", "green"};
  test_environment env(options);
  auto spec = call_of("echo");
  spec.tenant_id = "green";
  EXPECT_EQ(env.run(spec).state, job_state::completed);
}

TEST_P(JourneyWireVersions, TheFunctionSeesWhatTheVersionHas) {
  auto options = at_version();
  options.engine.speaks.physical_tenant = "blue";
  test_environment env(options);
  auto spec = call_of("echo");
  spec.tags = {"trace-id:4711", "vip"};
  spec.business_id = "order-7";
  spec.priority = 50;
  EXPECT_EQ(env.run(spec).state, job_state::completed);
  const auto seen = env.lambda().account().invocations().back().request.client_context;
  EXPECT_THAT(seen, HasSubstr(R"("tags":["trace-id:4711","vip"])"));
  const auto newer = AllOf(HasSubstr(R"("businessId":"order-7")"), HasSubstr(R"("priority":50)"),
                           HasSubstr(R"("physicalTenantId":"blue")"));
  if (leases()) {
    EXPECT_THAT(seen, newer);
  } else {
    EXPECT_THAT(seen, AllOf(Not(HasSubstr("businessId")), Not(HasSubstr("priority")),
                            Not(HasSubstr("physicalTenantId"))));
  }
}

TEST_P(JourneyWireVersions, ARequiredLeaseIsMetOrTheJobGoesBackWhole) {
  test_environment env(at_version({{"LAMBDA_CONNECTOR_JOB_LEASE", "required"}}));
  const auto key = env.engine().create(call_of("echo"));
  if (leases()) {
    EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
    return;
  }
  ASSERT_TRUE(env.wait([&] { return env.account(key).hand_backs == 1; }));
  const auto job = env.account(key);
  EXPECT_EQ(job.retries, 3);
  EXPECT_GE(job.fail_backoff, milliseconds(5000));
  EXPECT_EQ(executions(env, job), 0U);
  env.engine().cancel(key);
}

TEST_P(JourneyWireVersions, CallsOfALaterVersionAreRefusedInTheGatewaysWords) {
  test_environment env(at_version());
  const auto key = env.engine().create(call_of("slow", R"({"ms":20000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  sandbox::engine::client other(env.engine());
  gw::UpdateJobPriorityRequest request;
  request.set_jobkey(key);
  request.set_priority(7);
  sandbox::engine::call_context context;
  gw::UpdateJobPriorityResponse response;
  const auto status = other.stub().UpdateJobPriority(&context, request, &response);
  if (leases()) {
    EXPECT_TRUE(status.ok()) << status.error_message();
  } else {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
    EXPECT_EQ(status.error_message(),
              "Method not found: gateway_protocol.Gateway/UpdateJobPriority");
  }
  env.engine().cancel(key);
}

INSTANTIATE_TEST_SUITE_P(Gateway, JourneyWireVersions, testing::Values(8, 9, 10),
                         [](const testing::TestParamInfo<int>& info) {
                           return "Version8_" + std::to_string(info.param);
                         });

}  // namespace
}  // namespace journey
