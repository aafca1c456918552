// G9: a burst far longer than the worker's queue. The worker never has more jobs than slots and
// queue places, starts no job whose lease is over, and backlog and pushed jobs both progress.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using worker::jobs::job_end;

void burst(std::size_t count, std::size_t slots) {
  report_action(std::to_string(count) + " jobs at once, capacity " + std::to_string(slots));
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", is_long() ? "60000" : "4000"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto keys = env.engine().create_many(journey::call_of("slow", R"({"ms":20})"), count);
  std::size_t max_held = 0;
  std::uint64_t max_running = 0;
  const auto ended = [&] {
    max_held = std::max(max_held, env.worker().snapshot().active_jobs);
    max_running = std::max(max_running, env.lambda().account().counted().running);
    return env.engine().totals().open == 0;
  };
  // What the cancelled stream had not read is free when its lease is over.
  for (int i = 0; i < (is_long() ? 20 : 1) && !env.wait(ended); ++i) {
  }
  EXPECT_LE(max_held, 2 * slots);
  EXPECT_LE(max_running, slots);
  each_ran_once(env, keys);
  EXPECT_EQ(env.worker().ended(job_end::superseded), 0U);  // no storm of NOT_FOUND
  expect_all_ended(env);
}

// As many new jobs under way as half of the slots, beside a backlog that was there before.
void backlog_and_pushes(std::size_t backlog, std::size_t slots) {
  report_action("a backlog beside pushed jobs");
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  const auto spec = journey::call_of("slow", R"({"ms":100})");
  auto keys = env.engine().create_many(spec, backlog);
  env.start_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)}});
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  std::vector<std::int64_t> pushed;
  std::size_t pushed_done = 0;
  std::size_t backlog_done = 0;
  ASSERT_TRUE(env.wait([&] {
    pushed_done = static_cast<std::size_t>(std::count_if(pushed.begin(), pushed.end(), [&](auto k) {
      return env.account(k).state == journey::job_state::completed;
    }));
    backlog_done = env.engine().totals().completed - pushed_done;
    while (pushed.size() < pushed_done + slots / 2) pushed.push_back(env.engine().create(spec));
    return backlog_done >= backlog;
  }));
  report_action(std::to_string(backlog_done) + " to " + std::to_string(pushed_done));
  EXPECT_GE(pushed_done, backlog_done / 2);
  EXPECT_GE(backlog_done, pushed_done / 2);
  keys.insert(keys.end(), pushed.begin(), pushed.end());
  each_ran_once(env, keys);
  expect_all_ended(env);
}

TEST(Faults, G9_ABurstIsLongerThanTheQueue) {
  burst(is_long() ? 10'000 : 600, is_long() ? 32 : 8);
  backlog_and_pushes(is_long() ? 400 : 60, 8);
}

}  // namespace
}  // namespace faults
