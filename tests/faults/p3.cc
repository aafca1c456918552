// P3: SIGKILL at random points, again and again. After the leases every job is done; functions ran
// no more often than jobs and what was in flight at each kill.
#include <gtest/gtest.h>

#include <random>

#include "tests/faults/load.h"
#include "tests/faults/row.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::world;

TEST(Faults, P3) {
  const int kills = is_long() ? 200 : 20;
  constexpr std::size_t slots = 8;
  journey::world_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)}};
  world all(options);
  // Where in its life a worker dies: after so many more calls have begun, and a moment later.
  std::mt19937 random(3);
  std::uniform_int_distribution<std::uint64_t> calls(0, 6);
  std::uniform_int_distribution<int> moment(0, is_long() ? 200 : 30);
  std::vector<std::int64_t> keys;
  const auto spec = journey::call_of("slow", R"({"ms":30})");
  for (int i = 0; i < kills; ++i) {
    const auto made = all.engine().create_many(spec, is_long() ? 20 : 5);
    keys.insert(keys.end(), made.begin(), made.end());
    const auto until = all.lambda().account().counted().executions + calls(random);
    const shipped worker(all);
    ASSERT_TRUE(all.lambda().account().wait_for(
        [&](const auto& t) { return t.executions >= until; }, journey::patience));
    all.engine().wait_until([] { return false; }, milliseconds(moment(random)));
  }
  all.start_worker();
  EXPECT_TRUE(all.engine().wait_all_ended(std::chrono::minutes(2)));
  for (const auto key : keys) {
    EXPECT_EQ(all.account(key).state, journey::job_state::completed);
    EXPECT_EQ(all.account(key).completions_accepted, 1U);
    EXPECT_EQ(all.account(key).retries, 3);
  }
  const auto executions = all.lambda().account().counted().executions;
  EXPECT_LE(executions, keys.size() + static_cast<std::size_t>(kills) * slots);
  did(std::to_string(kills) + " kills, " + std::to_string(keys.size()) + " jobs, " +
      std::to_string(executions - keys.size()) + " calls made again");
  settle(all);
}

}  // namespace
}  // namespace faults
