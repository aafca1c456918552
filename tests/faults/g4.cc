// G4: the gateway refuses with back-pressure, first activations, then completions. The worker backs
// off, never asks in a busy loop, and delivers every completion in the end.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;
using journey::test_environment;
using sandbox::engine::rpc;
constexpr auto busy = grpc::StatusCode::RESOURCE_EXHAUSTED;

void activations(test_environment& env, const std::vector<std::int64_t>& keys) {
  const auto before = env.engine().calls(rpc::activate_jobs);
  const auto begin = clock::now();
  if (!is_long()) {
    // Six refusals stand for at least 25, 50, 100, 200 and 400 ms of back-off between them.
    ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::activate_jobs) >= before + 6; }));
    EXPECT_GE(clock::now() - begin, milliseconds(775));
  } else {
    env.engine().wait_until([] { return false; }, milliseconds(30'000));
    const auto at_cap = env.engine().calls(rpc::activate_jobs);
    env.engine().wait_until([] { return false; }, milliseconds(30'000));
    EXPECT_LE(env.engine().calls(rpc::activate_jobs) - at_cap, 60U);  // 2 a second
  }
  env.engine().lift(rpc::activate_jobs);
  each_ran_once(env, keys);
}

void completions(test_environment& env, const std::vector<std::int64_t>& keys) {
  const auto before = env.engine().calls(rpc::complete_job);
  // Results that are held free their slots, so every function runs although nothing is delivered.
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().commands.holding == keys.size(); }));
  if (is_long()) env.engine().wait_until([] { return false; }, milliseconds(60'000));
  EXPECT_GE(env.engine().calls(rpc::complete_job) - before, keys.size());
  env.engine().lift(rpc::complete_job);
  each_ran_once(env, keys);
  EXPECT_EQ(env.worker().ended(worker::jobs::job_end::undelivered), 0U);
}

TEST(Faults, G4_TheGatewayPushesBack) {
  const std::size_t count = is_long() ? 500 : 40;
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  report_action("back-pressure on activations");
  env.engine().refuse(rpc::activate_jobs, busy, "exceeded the number of requests");
  auto keys = env.engine().create_many(journey::call_of("echo"), count);
  env.start_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", "false"}});
  activations(env, keys);

  report_action("on the completions of " + std::to_string(count) + " jobs");
  env.engine().refuse(rpc::complete_job, busy, "exceeded the number of requests");
  keys = env.engine().create_many(journey::call_of("echo"), count);
  completions(env, keys);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
