// G9: a burst far longer than the worker's room. It never holds more than slots and waiting room,
// starts nothing whose lease is over, and backlog and pushed jobs both progress.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::world;
using worker::jobs::job_end;

void burst(std::size_t count, std::size_t slots) {
  did(std::to_string(count) + " jobs at once, capacity " + std::to_string(slots));
  journey::world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", is_long() ? "60000" : "4000"}};
  world all(options);
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  const auto keys = all.engine().create_many(journey::call_of("slow", R"({"ms":20})"), count);
  std::size_t max_held = 0;
  std::uint64_t max_running = 0;
  const auto ended = [&] {
    max_held = std::max(max_held, all.worker().snapshot().active_jobs);
    max_running = std::max(max_running, all.lambda().account().counted().running);
    return all.engine().totals().open == 0;
  };
  // What the cancelled stream had not read is free when its lease is over.
  for (int i = 0; i < (is_long() ? 20 : 1) && !all.wait(ended); ++i) {
  }
  EXPECT_LE(max_held, 2 * slots);
  EXPECT_LE(max_running, slots);
  each_ran_once(all, keys);
  EXPECT_EQ(all.worker().ended(job_end::superseded), 0U);  // no storm of NOT_FOUND
  settle(all);
}

// As many new jobs under way as half of the slots, beside a backlog that was there before.
void backlog_and_pushes(std::size_t backlog, std::size_t slots) {
  did("a backlog beside pushed jobs");
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  const auto spec = journey::call_of("slow", R"({"ms":100})");
  auto keys = all.engine().create_many(spec, backlog);
  all.start_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)}});
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  std::vector<std::int64_t> pushed;
  std::size_t pushed_done = 0;
  std::size_t backlog_done = 0;
  ASSERT_TRUE(all.wait([&] {
    pushed_done = static_cast<std::size_t>(std::count_if(pushed.begin(), pushed.end(), [&](auto k) {
      return all.account(k).state == journey::job_state::completed;
    }));
    backlog_done = all.engine().totals().completed - pushed_done;
    while (pushed.size() < pushed_done + slots / 2) pushed.push_back(all.engine().create(spec));
    return backlog_done >= backlog;
  }));
  did(std::to_string(backlog_done) + " to " + std::to_string(pushed_done));
  EXPECT_GE(pushed_done, backlog_done / 2);
  EXPECT_GE(backlog_done, pushed_done / 2);
  keys.insert(keys.end(), pushed.begin(), pushed.end());
  each_ran_once(all, keys);
  settle(all);
}

TEST(Faults, G9) {
  burst(is_long() ? 10'000 : 600, is_long() ? 32 : 8);
  backlog_and_pushes(is_long() ? 400 : 60, 8);
}

}  // namespace
}  // namespace faults
