// Functions that are throttled, among jobs that have nothing to do with them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/journey/world.h"

namespace journey {
namespace {

using testing::StartsWith;
using worker::jobs::job_end;

sandbox::answer throttled_for(const std::string& seconds) {
  auto refused = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
  refused.headers.emplace_back("Retry-After", seconds);
  return refused;
}

world_options eight_slots() {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  return options;
}

TEST(JourneyThrottling, WhatWaitsForThrottledFunctionsKeepsAQuarterOfTheSlotsInAll) {
  world all(eight_slots());
  std::vector<std::int64_t> hot;
  for (const std::string name : {"hot1", "hot2", "hot3"}) {
    all.lambda().register_function(name,
                                   [](const sandbox::invocation&) { return throttled_for("20"); });
    const auto keys = all.engine().create_many(call_of(name), 20);
    hot.insert(hot.end(), keys.begin(), keys.end());
  }
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::released) >= 58; }));
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().slots_used <= 2; }));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(all.run(call_of("echo")).state, job_state::completed);
  }
  for (const auto key : hot) {
    const auto job = all.account(key);
    EXPECT_EQ(job.retries, 3);
    EXPECT_EQ(job.local_variable("lambdaAttempt"), std::nullopt);
    // Not at once: neither the engine nor the function is asked again and again.
    if (job.fails > 0) EXPECT_GE(job.fail_backoff, milliseconds(1000));
  }
  EXPECT_LE(all.lambda().account().counted().requests, 60U + 5U);
  EXPECT_EQ(all.worker().ended(job_end::failed), 0U);
}

TEST(JourneyThrottling, AWorkerWithOneSlotServesOthersBetweenTheAttemptsOfOne) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "1"}};
  world all(options);
  const auto job = all.run(call_of("throttle-once"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
}

TEST(JourneyThrottling, TheJobComesBackNoEarlierThanTheServiceAsksFor) {
  world all;
  all.lambda().register_function("asks-much",
                                 [](const sandbox::invocation&) { return throttled_for("60"); });
  const auto key = all.engine().create(call_of("asks-much"));
  ASSERT_TRUE(all.wait([&] { return all.account(key).fails == 1; }));
  const auto job = all.account(key);
  EXPECT_EQ(job.retries, 2);
  EXPECT_EQ(job.fail_backoff, milliseconds(60'000));
  EXPECT_THAT(job.fail_message, StartsWith("TOO_MANY_REQUESTS: "));
  // Given to the engine, that is as good as the sandbox's clock.
  all.engine().advance(milliseconds(59'000));
  EXPECT_EQ(all.account(key).state, job_state::backoff);
}

TEST(JourneyThrottling, APostponedCallOfAtMostOnceTakesItsMarkerBack) {
  world all(eight_slots());
  all.lambda().register_function("hot",
                                 [](const sandbox::invocation&) { return throttled_for("20"); });
  const auto keys = all.engine().create_many(call_of("hot", "{}", R"({"atMostOnce":"true"})"), 20);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::released) >= 18; }));
  const auto kept = std::count_if(keys.begin(), keys.end(), [&](auto key) {
    const auto marker = all.account(key).local_variable("lambdaCall");
    return marker && *marker != "null";
  });
  EXPECT_EQ(kept, 2);  // of the two that wait
}

// With retries that no model writes.
TEST(JourneyThrottling, NumbersOfTheEngineAtTheirEndsAreCountedWith) {
  world all;
  for (const int retries : {std::numeric_limits<int>::min(), -1, 0, 1}) {
    auto spec = call_of("not-there");
    spec.retries = retries;
    EXPECT_EQ(all.run(spec).retries, 0) << retries;
  }
  auto spec = call_of("service-exception", "{}", R"({"retryBackoff":"PT1H"})");
  spec.retries = std::numeric_limits<int>::max();
  const auto key = all.engine().create(spec);
  ASSERT_TRUE(all.wait([&] { return all.account(key).fails == 1; }));
  EXPECT_EQ(all.account(key).retries, std::numeric_limits<int>::max() - 1);
  spec.retries = std::numeric_limits<int>::min();
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.retries, 0);
}

}  // namespace
}  // namespace journey
