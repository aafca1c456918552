// P3: SIGKILL at random points, again and again. After the leases every job is done; functions ran
// no more often than jobs and what was in flight at each kill.
#include <gtest/gtest.h>

#include <random>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::test_environment;

TEST(Faults, P3_SigkillArrivesAtRandomPoints) {
  // given
  const int kills = is_long() ? 200 : 20;
  constexpr std::size_t slots = 8;
  journey::test_environment_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)}};
  test_environment env(options);
  // Where in its life a worker dies: after so many more calls have begun, and a moment later.
  std::mt19937 random(3);
  std::uniform_int_distribution<std::uint64_t> calls(0, 6);
  std::uniform_int_distribution<int> moment(0, is_long() ? 200 : 30);
  std::vector<std::int64_t> keys;
  const auto spec = journey::call_of("slow", R"({"ms":30})");
  // when
  for (int i = 0; i < kills; ++i) {
    const auto made = env.engine().create_many(spec, is_long() ? 20 : 5);
    keys.insert(keys.end(), made.begin(), made.end());
    const auto until = env.lambda().account().counted().executions + calls(random);
    const shipped worker(env);
    ASSERT_TRUE(env.lambda().account().wait_for(
        [&](const auto& t) { return t.executions >= until; }, journey::patience));
    env.engine().wait_until([] { return false; }, milliseconds(moment(random)));
  }
  env.start_worker();
  // then
  EXPECT_TRUE(env.engine().wait_all_ended(std::chrono::minutes(2)));
  for (const auto key : keys) {
    EXPECT_EQ(env.account(key).state, journey::job_state::completed);
    EXPECT_EQ(env.account(key).completions_accepted, 1U);
    EXPECT_EQ(env.account(key).retries, 3);
  }
  const auto executions = env.lambda().account().counted().executions;
  EXPECT_LE(executions, keys.size() + static_cast<std::size_t>(kills) * slots);
  report_action(std::to_string(kills) + " kills, " + std::to_string(keys.size()) + " jobs, " +
                std::to_string(executions - keys.size()) + " calls made again");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
