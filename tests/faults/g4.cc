// G4: the gateway refuses with back-pressure, first activations, then completions. The worker backs
// off, never asks in a busy loop, and delivers every completion in the end.
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;
using journey::world;
using sandbox::engine::rpc;
constexpr auto busy = grpc::StatusCode::RESOURCE_EXHAUSTED;

void activations(world& all, const std::vector<std::int64_t>& keys) {
  const auto before = all.engine().calls(rpc::activate_jobs);
  const auto begin = clock::now();
  if (!is_long()) {
    // Six refusals stand for at least 25, 50, 100, 200 and 400 ms of back-off between them.
    ASSERT_TRUE(all.wait([&] { return all.engine().calls(rpc::activate_jobs) >= before + 6; }));
    EXPECT_GE(clock::now() - begin, milliseconds(775));
  } else {
    all.engine().wait_until([] { return false; }, milliseconds(30'000));
    const auto at_cap = all.engine().calls(rpc::activate_jobs);
    all.engine().wait_until([] { return false; }, milliseconds(30'000));
    EXPECT_LE(all.engine().calls(rpc::activate_jobs) - at_cap, 60U);  // 2 a second
  }
  all.engine().lift(rpc::activate_jobs);
  each_ran_once(all, keys);
}

void completions(world& all, const std::vector<std::int64_t>& keys) {
  const auto before = all.engine().calls(rpc::complete_job);
  // Results that are held free their slots, so every function runs although nothing is delivered.
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().commands.holding == keys.size(); }));
  if (is_long()) all.engine().wait_until([] { return false; }, milliseconds(60'000));
  EXPECT_GE(all.engine().calls(rpc::complete_job) - before, keys.size());
  all.engine().lift(rpc::complete_job);
  each_ran_once(all, keys);
  EXPECT_EQ(all.worker().ended(worker::jobs::job_end::undelivered), 0U);
}

TEST(Faults, G4) {
  const std::size_t count = is_long() ? 500 : 40;
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  did("back-pressure on activations");
  all.engine().refuse(rpc::activate_jobs, busy, "exceeded the number of requests");
  auto keys = all.engine().create_many(journey::call_of("echo"), count);
  all.start_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", "false"}});
  activations(all, keys);

  did("on the completions of " + std::to_string(count) + " jobs");
  all.engine().refuse(rpc::complete_job, busy, "exceeded the number of requests");
  keys = all.engine().create_many(journey::call_of("echo"), count);
  completions(all, keys);
  settle(all);
}

}  // namespace
}  // namespace faults
