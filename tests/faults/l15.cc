// L15: two functions throttle every call and ask for time, beside a healthy one. Calls that
// wait keep a quarter of the slots. The other jobs go back and lose no retry. The calls of the
// healthy function go on. When the throttle is over, every job runs once.
#include <gtest/gtest.h>

#include <atomic>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using worker::jobs::job_end;

TEST(Faults, L15_TwoFunctionsThrottleBesideAHealthyOne) {
  // given
  const std::size_t count = is_long() ? 500 : 40;
  const milliseconds time{is_long() ? 60'000 : 3'000};
  report_action(std::to_string(count) + " jobs each of two functions that throttle for " +
                std::to_string(time.count() / 1000) + " s with Retry-After: 1, 32 slots");
  test_environment env;
  const auto closed = std::make_shared<std::atomic<bool>>(true);
  std::vector<std::int64_t> hot;
  for (const std::string name : {"hot1", "hot2"}) {
    env.lambda().register_function(name, [closed](const sandbox::invocation&) {
      if (!*closed) return sandbox::json_answer("{}");
      auto refused = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
      refused.headers.emplace_back("Retry-After", "1");
      return refused;
    });
    auto spec = journey::call_of(name, "{}", R"({"retryBackoff":"PT1S"})");
    spec.retries = 100;
    const auto keys = env.engine().create_many(spec, count);
    hot.insert(hot.end(), keys.begin(), keys.end());
  }
  // when
  report_action("a healthy function beside them");
  std::size_t most = 0;
  flow healthy(env, journey::call_of("echo"), 20);
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    healthy.pass(milliseconds(200));
    most = std::max(most, env.worker().snapshot().slots_used);
  }
  // then: the healthy jobs do not wait for the throttle, and each hot job runs once in the end
  for (const auto key : healthy.keys()) {
    EXPECT_TRUE(env.wait([&] { return env.account(key).state == journey::job_state::completed; }));
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  EXPECT_GE(env.worker().ended(job_end::released), 1U);
  report_action("most slots used at a time " + std::to_string(most));
  *closed = false;
  each_ran_once(env, hot, std::chrono::minutes(3));
  // Only who waited here through all of its attempts lost one.
  const auto rounds = static_cast<double>(time.count()) / 1000 / 4 + 1;
  std::uint64_t lost = 0;
  for (const auto key : hot) lost += static_cast<std::uint64_t>(100 - env.account(key).retries);
  EXPECT_LE(static_cast<double>(lost), rounds * 8);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
