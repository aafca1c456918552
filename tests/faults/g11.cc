// G11: the engine does not take a completion. FAILED_PRECONDITION: the result is held and offered
// again under the next activation, the function is not called again. INVALID_ARGUMENT: the job
// fails with the reason, and is not offered for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using grpc::StatusCode;
using journey::job_state;
using journey::world;
using sandbox::engine::rpc;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Faults, G11) {
  const std::size_t count = is_long() ? 200 : 10;
  journey::world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"}};
  world all(options);
  did("FAILED_PRECONDITION until the next activation");
  all.engine().refuse(rpc::complete_job, StatusCode::FAILED_PRECONDITION, "not activated");
  all.engine().refuse(rpc::update_job_timeout, StatusCode::FAILED_PRECONDITION, "not activated");
  auto keys = all.engine().create_many(journey::call_of("echo"), count);
  for (const auto key : keys) {
    ASSERT_TRUE(all.wait([&] { return all.account(key).activated() > 1; }));
  }
  all.engine().lift_all();
  each_ran_once(all, keys);
  for (const auto key : keys) EXPECT_EQ(all.account(key).fails, 0U);

  did("INVALID_ARGUMENT");
  const auto calls = all.engine().calls(rpc::complete_job);
  all.engine().refuse(rpc::complete_job, StatusCode::INVALID_ARGUMENT, "Invalid JSON value");
  keys = all.engine().create_many(journey::call_of("echo"), count);
  ASSERT_TRUE(all.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = all.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_THAT(job.incident_message, HasSubstr("Invalid JSON value"));
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  EXPECT_EQ(all.engine().calls(rpc::complete_job), calls + count);
  settle(all);
}

}  // namespace
}  // namespace faults
