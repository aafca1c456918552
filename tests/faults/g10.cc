// G10: calls of twice the job's timeout. The lease is extended in time; when the job is gone the
// call is abandoned, its result dropped, and nothing is sent for it.
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::world;
using sandbox::engine::rpc;

TEST(Faults, G10) {
  const std::string lease = is_long() ? "60000" : "1500";
  const std::string call = is_long() ? R"({"ms":120000})" : R"({"ms":3000})";
  journey::world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", lease}};
  world all(options);
  did("calls of twice the timeout of " + lease + " ms");
  const auto keys = all.engine().create_many(journey::call_of("slow", call), 10);
  each_ran_once(all, keys, std::chrono::minutes(5));
  for (const auto key : keys) {
    // Each extension came before half was gone, so at least three fit into the call.
    EXPECT_GE(all.account(key).extended, 3U);
    EXPECT_EQ(all.account(key).expired, 0U);
  }

  did("jobs gone while their calls run");
  const auto completions = all.engine().calls(rpc::complete_job);
  const auto before = all.lambda().account().counted().executions;
  const auto lost = all.engine().create_many(journey::call_of("slow", R"({"ms":600000})"), 10);
  ASSERT_TRUE(all.lambda().account().wait_for(
      [&](const auto& t) { return t.executions == before + 10; }, journey::patience));
  for (const auto key : lost) EXPECT_TRUE(all.engine().cancel(key));
  // Abandoned with the next extension.
  const auto abandoned = [&] {
    return all.worker().ended(worker::jobs::job_end::superseded) == lost.size();
  };
  EXPECT_TRUE(all.wait(abandoned) || all.wait(abandoned));
  EXPECT_EQ(all.engine().calls(rpc::complete_job), completions);
  EXPECT_EQ(all.worker().snapshot().active_jobs, 0U);
  settle(all);
}

}  // namespace
}  // namespace faults
