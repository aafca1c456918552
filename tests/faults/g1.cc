// G1: the gateway is restarted again and again under load. Nothing is lost, nothing runs twice, and
// the worker is back within a second.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;
using journey::test_environment;
using sandbox::engine::rpc;

TEST(Faults, G1_TheGatewayRestartsAgainAndAgainUnderLoad) {
  // given
  const int restarts = is_long() ? 20 : 4;
  const milliseconds apart{is_long() ? 10'000 : 300};
  test_environment env;
  flow jobs(env, journey::call_of("slow", R"({"ms":20})"), is_long() ? 200 : 60);
  milliseconds slowest{0};
  // when
  for (int i = 0; i < restarts; ++i) {
    jobs.pass(apart);
    env.engine().stop(sandbox::engine::stop_as::terminated);
    jobs.pass(apart / 2);
    const auto before = env.engine().calls(rpc::activate_jobs);
    env.engine().start();
    const auto listens = clock::now();
    ASSERT_TRUE(jobs.pass_until([&] { return env.engine().calls(rpc::activate_jobs) > before; }));
    slowest = std::max(slowest, std::chrono::duration_cast<milliseconds>(clock::now() - listens));
  }
  report_action(std::to_string(restarts) + " restarts under load, back after " +
                std::to_string(slowest.count()) + " ms at most");
  // then
  if (is_long()) EXPECT_LE(slowest, milliseconds(1000));
  // What was pushed into a connection that died is free when its lease is over.
  env.engine().advance(std::chrono::minutes(1));
  each_ran_once(env, jobs.keys(), std::chrono::minutes(2));
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
