// G15: thousands of small jobs, pushed and polled, whose calls take long against the time between
// them. No function is called twice, the worker never has more jobs than slots and queue
// places, and few jobs wait for the end of a lease.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;

TEST(Faults, G15_ThousandsOfSmallJobs) {
  // given
  const std::size_t count = is_long() ? 10'000 : 400;
  const std::size_t slots = is_long() ? 32 : 16;
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", is_long() ? "60000" : "3000"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto spec = journey::call_of("slow", is_long() ? R"({"ms":5000})" : R"({"ms":100})");
  // when: a trickle that is pushed, a burst that becomes the backlog, a trickle beside the backlog
  flow trickle(env, spec, is_long() ? 5 : 20);
  trickle.pass(milliseconds(is_long() ? 10'000 : 500));
  auto keys = env.engine().create_many(spec, count);
  trickle.pass(milliseconds(is_long() ? 10'000 : 500));
  keys.insert(keys.end(), trickle.keys().begin(), trickle.keys().end());

  // then
  std::size_t max_held = 0;
  const auto ended = [&] {
    max_held = std::max(max_held, env.worker().snapshot().active_jobs);
    return env.engine().totals().open == 0;
  };
  for (int i = 0; i < (is_long() ? 80 : 1) && !env.wait(ended); ++i) {
  }
  EXPECT_LE(max_held, 2 * slots);
  each_ran_once(env, keys);
  const auto seen = env.engine().totals();
  EXPECT_GT(seen.pushed, 0U);
  EXPECT_GT(seen.polled, 0U);
  report_action(std::to_string(keys.size()) + " jobs, capacity " + std::to_string(slots) +
                ", most held " + std::to_string(max_held) + ", " + std::to_string(seen.pushed) +
                " pushed, " + std::to_string(seen.polled) + " polled, " +
                std::to_string(seen.expired) + " stranded");
  // How many a cancelled stream had not read is a matter of time, so it is judged in full only.
  if (is_long()) EXPECT_LE(seen.expired, 10U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
