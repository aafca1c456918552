// G2: the gateway is killed with hundreds of calls running. Their results are held and offered
// until it takes them; a completion that had been carried out already is answered NOT_FOUND:
// superseded.
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::world;
using sandbox::engine::rpc;
using worker::jobs::job_end;

TEST(Faults, G2) {
  const std::size_t count = is_long() ? 500 : 60;
  const std::uint32_t unheard = 10;
  did("killed with " + std::to_string(count) + " in flight, " + std::to_string(unheard) +
      " completions carried out unheard");
  journey::world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(count)}};
  world all(options);
  // All answer when the gateway is away.
  const auto keys = all.engine().create_many(
      journey::call_of("slow", is_long() ? R"({"ms":8000})" : R"({"ms":1500})"), count);
  ASSERT_TRUE(all.lambda().account().wait_for(
      [&](const auto& t) { return t.executions == count && t.running > 0; }, journey::patience));
  all.engine().stop();
  ASSERT_TRUE(all.lambda().account().wait_for([](const auto& t) { return t.running == 0; },
                                              journey::patience));
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().commands.holding > 0; }));
  std::uint32_t lost_ones = 0;
  for (const auto key : keys) {
    // On a slow machine the first ones had ended before the kill.
    if (lost_ones == unheard || all.account(key).state != journey::job_state::activated) continue;
    ++lost_ones;
    sandbox::engine::fault lost;
    lost.applied = true;
    lost.times = 1;
    lost.job_key = key;  // else the second try of one job could use up the fault of another
    all.engine().inject(rpc::complete_job, lost);
  }
  ASSERT_EQ(lost_ones, unheard);
  all.engine().start();
  each_ran_once(all, keys);
  EXPECT_TRUE(all.wait([&] { return all.worker().snapshot().active_jobs == 0; }));
  EXPECT_EQ(all.worker().ended(job_end::superseded), unheard);
  EXPECT_EQ(all.worker().ended(job_end::completed), count - unheard);
  EXPECT_EQ(all.worker().ended(job_end::undelivered), 0U);
  settle(all);
}

}  // namespace
}  // namespace faults
