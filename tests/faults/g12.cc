// G12: of two workers one is paused past the end of its leases and goes on later. The other one has
// taken over; exactly one completion of each job is accepted.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::engine::rpc;

TEST(Faults, G12_AWorkerStopsPastItsLeases) {
  // given
  const std::size_t count = is_long() ? 100 : 5;
  report_action("a worker stopped past its leases with " + std::to_string(count) +
                " calls under way");
  journey::test_environment_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(count)}};
  test_environment env(options);
  shipped paused(env);
  const auto keys = env.engine().create_many(journey::call_of("slow", R"({"ms":1500})"), count);
  ASSERT_TRUE(env.lambda().account().wait_for(
      [&](const auto& t) { return t.executions >= count && t.running > 0; }, journey::patience));
  // when
  paused.signal(SIGSTOP);
  env.start_worker();
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
  const auto completions = env.engine().calls(rpc::complete_job);
  const auto other = env.worker().ended(worker::jobs::job_end::completed);
  EXPECT_GT(other, 0U);

  report_action("then continued");
  paused.signal(SIGCONT);
  EXPECT_EQ(paused.process().end(journey::patience), 0) << paused.log();
  // then: the paused worker had their answers, or finds that the jobs are gone; no job is completed
  // twice
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, journey::job_state::completed);
    EXPECT_EQ(job.completions_accepted, 1U);
    EXPECT_EQ(job.fails, 0U);
    EXPECT_LE(env.lambda().account().job(std::to_string(key)).executions, 2U);
  }
  report_action(std::to_string(other) + " taken over, " +
                std::to_string(env.engine().calls(rpc::complete_job) - completions) +
                " late completions");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
