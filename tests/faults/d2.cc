// D2: very many jobs wait for durable executions, and the worker holds nothing for them.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::test_environment;

constexpr double most_memory_mb = 60;

TEST(Faults, D2_ManyJobsWaitForDurableExecutions) {
  // given: more jobs than slots, each with a durable execution that is asked about
  const std::size_t count = is_long() ? 10'000 : 200;
  const std::string ms = is_long() ? "120000" : "3000";
  journey::test_environment_options options;
  options.start_worker = false;
  options.engine.keep_variables = false;
  options.lambda.record = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "32"}};
  test_environment env(options);
  env.engine().create_many(
      journey::call_of("slow", R"({"ms":)" + ms + "}",
                       is_long() ? R"({"durable":"true","wait":"poll"})"
                                 : R"({"durable":"true","wait":"poll","pollInterval":"PT1S"})"),
      count);
  // when
  shipped worker(env);
  ASSERT_TRUE(
      env.engine().wait_until([&] { return env.lambda().account().counted().executions >= count; },
                              std::chrono::minutes(5)));
  report_action(std::to_string(count) + " jobs wait, 32 slots");
  ASSERT_TRUE(env.engine().wait_until([&] { return env.engine().totals().open == 0; },
                                      std::chrono::minutes(10)));
  // then: the jobs that wait take no slot and little memory
  const double peak = worker.process().peak_rss_mb();
  report_action("most memory " + std::to_string(static_cast<int>(peak)) + " MB");
  if (!shipped::is_sanitized()) EXPECT_LT(peak, most_memory_mb);
  const auto all = env.lambda().durables().all();
  EXPECT_EQ(all.size(), count);
  EXPECT_TRUE(std::all_of(all.begin(), all.end(),
                          [](const auto& one) { return one.invokes == 1 && one.asked >= 2; }));
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
