// G10: calls of twice the job's timeout. The lease is extended in time; when the job is gone the
// call is abandoned, its result dropped, and nothing is sent for it.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::engine::rpc;

TEST(Faults, G10_CallsTakeTwiceTheJobTimeout) {
  // given
  const std::string lease = is_long() ? "60000" : "1500";
  const std::string call = is_long() ? R"({"ms":120000})" : R"({"ms":3000})";
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", lease}};
  test_environment env(options);
  report_action("calls of twice the timeout of " + lease + " ms");
  // when
  const auto keys = env.engine().create_many(journey::call_of("slow", call), 10);
  // then: the lease was extended in time
  each_ran_once(env, keys, std::chrono::minutes(5));
  for (const auto key : keys) {
    // Each extension came before half was gone, so at least three fit into the call.
    EXPECT_GE(env.account(key).extended, 3U);
    EXPECT_EQ(env.account(key).expired, 0U);
  }

  // given: calls that run
  report_action("jobs gone while their calls run");
  const auto completions = env.engine().calls(rpc::complete_job);
  const auto before = env.lambda().account().counted().executions;
  const auto lost = env.engine().create_many(journey::call_of("slow", R"({"ms":600000})"), 10);
  ASSERT_TRUE(env.lambda().account().wait_for(
      [&](const auto& t) { return t.executions == before + 10; }, journey::patience));
  // when
  for (const auto key : lost) EXPECT_TRUE(env.engine().cancel(key));
  // then: abandoned with the next extension
  const auto abandoned = [&] {
    return env.worker().ended(worker::jobs::job_end::superseded) == lost.size();
  };
  EXPECT_TRUE(env.wait(abandoned) || env.wait(abandoned));
  EXPECT_EQ(env.engine().calls(rpc::complete_job), completions);
  EXPECT_EQ(env.worker().snapshot().active_jobs, 0U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
