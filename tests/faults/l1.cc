// L1: Lambda throttles every call for a while. Retry-After is honoured, a job loses at most one
// retry for each round of attempts, and every function runs once in the end.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;
using journey::test_environment;

TEST(Faults, L1_EveryCallIsThrottled) {
  const std::size_t count = is_long() ? 500 : 30;
  const milliseconds time{is_long() ? 60'000 : 3'000};
  report_action("429 with Retry-After: 1 for " + std::to_string(time.count() / 1000) + " s, " +
                std::to_string(count) + " jobs");
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", is_long() ? "128" : "32"}};
  test_environment env(options);
  env.lambda().throttle_all(true);
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT1S"})");
  spec.retries = 100;
  const auto begin = clock::now();
  const auto keys = env.engine().create_many(spec, count);
  env.engine().wait_until([] { return false; }, time);
  env.lambda().throttle_all(false);
  const std::chrono::duration<double> throttled = clock::now() - begin;
  each_ran_once(env, keys, std::chrono::minutes(3));
  const std::chrono::duration<double> after = clock::now() - begin - throttled;
  report_action("all done " + std::to_string(std::lround(after.count())) + " s after it");
  for (const auto key : keys) {
    const auto asked = env.lambda().account().job(std::to_string(key)).requests;
    // Each request but the first waited for the second that was asked for; the last one counted.
    EXPECT_LE(static_cast<double>(asked), throttled.count() + 2);
    // A lost retry means a back-off of one second. A job that was postponed before its first
    // attempt waits too, and loses no retry.
    EXPECT_LE(100 - env.account(key).retries, throttled.count() + 2);
  }
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
