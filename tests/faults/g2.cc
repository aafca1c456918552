// G2: the gateway is killed with hundreds of calls running. Their results are held and offered
// until it takes them; a completion that had been carried out already is answered NOT_FOUND:
// superseded.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::engine::rpc;
using worker::jobs::job_end;

TEST(Faults, G2_TheGatewayIsKilledWithCallsRunning) {
  // given
  const std::size_t count = is_long() ? 500 : 60;
  const std::uint32_t unheard = 10;
  report_action("killed with " + std::to_string(count) + " in flight, " + std::to_string(unheard) +
                " completions carried out unheard");
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(count)}};
  test_environment env(options);
  // All answer when the gateway is away.
  const auto keys = env.engine().create_many(
      journey::call_of("slow", is_long() ? R"({"ms":8000})" : R"({"ms":1500})"), count);
  ASSERT_TRUE(env.lambda().account().wait_for(
      [&](const auto& t) { return t.executions == count && t.running > 0; }, journey::patience));
  // when: the gateway is killed, and the first commands after its return are carried out unheard
  env.engine().stop();
  ASSERT_TRUE(env.lambda().account().wait_for([](const auto& t) { return t.running == 0; },
                                              journey::patience));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().commands.holding > 0; }));
  std::uint32_t lost_ones = 0;
  for (const auto key : keys) {
    // On a slow machine the first ones had ended before the kill.
    if (lost_ones == unheard || env.account(key).state != journey::job_state::activated) continue;
    ++lost_ones;
    sandbox::engine::fault lost;
    lost.applied = true;
    lost.times = 1;
    lost.job_key = key;  // else the second try of one job could use up the fault of another
    env.engine().inject(rpc::complete_job, lost);
  }
  ASSERT_EQ(lost_ones, unheard);
  env.engine().start();
  // then
  each_ran_once(env, keys);
  EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().active_jobs == 0; }));
  EXPECT_EQ(env.worker().ended(job_end::superseded), unheard);
  EXPECT_EQ(env.worker().ended(job_end::completed), count - unheard);
  EXPECT_EQ(env.worker().ended(job_end::undelivered), 0U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
