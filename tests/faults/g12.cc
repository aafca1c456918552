// G12: of two workers one is paused past the end of its leases and goes on later. The other one has
// taken over; exactly one completion of each job is accepted.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::world;
using sandbox::engine::rpc;

TEST(Faults, G12) {
  const std::size_t count = is_long() ? 100 : 5;
  did("a worker stopped past its leases with " + std::to_string(count) + " calls under way");
  journey::world_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(count)}};
  world all(options);
  shipped paused(all);
  const auto keys = all.engine().create_many(journey::call_of("slow", R"({"ms":1500})"), count);
  ASSERT_TRUE(all.lambda().account().wait_for(
      [&](const auto& t) { return t.executions >= count && t.running > 0; }, journey::patience));
  paused.signal(SIGSTOP);
  all.start_worker();
  EXPECT_TRUE(all.engine().wait_all_ended(journey::patience));
  const auto completions = all.engine().calls(rpc::complete_job);
  const auto other = all.worker().ended(worker::jobs::job_end::completed);
  EXPECT_GT(other, 0U);

  did("then continued");
  paused.signal(SIGCONT);
  EXPECT_EQ(paused.process().end(journey::patience), 0) << paused.log();
  // The paused one had their answers, or finds that the jobs are gone: none is completed again.
  for (const auto key : keys) {
    const auto job = all.account(key);
    EXPECT_EQ(job.state, journey::job_state::completed);
    EXPECT_EQ(job.completions_accepted, 1U);
    EXPECT_EQ(job.fails, 0U);
    EXPECT_LE(all.lambda().account().job(std::to_string(key)).executions, 2U);
  }
  did(std::to_string(other) + " taken over, " +
      std::to_string(all.engine().calls(rpc::complete_job) - completions) + " late completions");
  settle(all);
}

}  // namespace
}  // namespace faults
