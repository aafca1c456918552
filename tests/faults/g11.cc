// G11: the engine does not take a completion. FAILED_PRECONDITION: the result is held and offered
// again under the next activation, the function is not called again. INVALID_ARGUMENT: the job
// fails with the reason, and is not offered for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using grpc::StatusCode;
using journey::job_state;
using journey::test_environment;
using sandbox::engine::rpc;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Faults, G11_CompletionsAreRefused) {
  // given: leases of a second
  const std::size_t count = is_long() ? 200 : 10;
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"}};
  test_environment env(options);
  // when: the engine says until the next activation that the jobs are not activated
  report_action("FAILED_PRECONDITION until the next activation");
  env.engine().refuse(rpc::complete_job, StatusCode::FAILED_PRECONDITION, "not activated");
  env.engine().refuse(rpc::update_job_timeout, StatusCode::FAILED_PRECONDITION, "not activated");
  auto keys = env.engine().create_many(journey::call_of("echo"), count);
  for (const auto key : keys) {
    ASSERT_TRUE(env.wait([&] { return env.account(key).activated() > 1; }));
  }
  env.engine().lift_all();
  // then
  each_ran_once(env, keys);
  for (const auto key : keys) EXPECT_EQ(env.account(key).fails, 0U);

  // when: the engine refuses the results for good
  report_action("INVALID_ARGUMENT");
  const auto calls = env.engine().calls(rpc::complete_job);
  env.engine().refuse(rpc::complete_job, StatusCode::INVALID_ARGUMENT, "Invalid JSON value");
  keys = env.engine().create_many(journey::call_of("echo"), count);
  ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
  // then
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_THAT(job.incident_message, HasSubstr("Invalid JSON value"));
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  EXPECT_EQ(env.engine().calls(rpc::complete_job), calls + count);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
