// D3: the engine is away while durable executions run and end.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::milliseconds;
using journey::test_environment;

TEST(Faults, D3_EngineIsAwayWhileDurableExecutionsRun) {
  // given
  const std::size_t count = is_long() ? 100 : 10;
  const auto away = milliseconds(is_long() ? 60'000 : 4000);
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "2000"}};
  test_environment env(options);
  for (const char* wait : {"poll", "connection"}) {
    env.engine().create_many(
        journey::call_of(
            "slow", R"({"ms":3000})",
            std::string(R"({"durable":"true","pollInterval":"PT1S","wait":")") + wait + "\"}"),
        count / 2);
  }
  const auto all_have = [&](auto holds) {
    const auto all = env.lambda().durables().all();
    return all.size() == count && std::all_of(all.begin(), all.end(), holds);
  };
  ASSERT_TRUE(env.wait([&] { return all_have([](const auto&) { return true; }); }));
  // when
  env.engine().stop();
  ASSERT_TRUE(env.wait([&] {
    return all_have([&](const auto& one) {
      return one.ended && *one.ended + away / 4 < std::chrono::system_clock::now();
    });
  }));
  env.engine().start();
  // then
  EXPECT_TRUE(env.engine().wait_all_ended(std::chrono::minutes(2)));
  for (const auto& job : env.engine().accounts()) {
    EXPECT_EQ(job.state, journey::job_state::completed) << job.incident_message;
    EXPECT_EQ(job.retries, 3);
  }
  EXPECT_TRUE(all_have([](const auto&) { return true; }));
  report_action(std::to_string(count) + " executions ended while the engine was away");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
