// Throttled functions beside jobs of other functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::StartsWith;
using worker::jobs::job_end;

sandbox::answer throttled_for(const std::string& seconds) {
  auto refused = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
  refused.headers.emplace_back("Retry-After", seconds);
  return refused;
}

test_environment_options eight_slots() {
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  return options;
}

TEST(JourneyThrottling, WhatWaitsForThrottledFunctionsKeepsAQuarterOfTheSlotsInAll) {
  // given
  test_environment env(eight_slots());
  std::vector<std::int64_t> hot;

  // when
  for (const std::string name : {"hot1", "hot2", "hot3"}) {
    env.lambda().register_function(name,
                                   [](const sandbox::invocation&) { return throttled_for("20"); });
    const auto keys = env.engine().create_many(call_of(name), 20);
    hot.insert(hot.end(), keys.begin(), keys.end());
  }
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::released) >= 58; }));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().slots_used <= 2; }));

  // then
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  }
  for (const auto key : hot) {
    const auto job = env.account(key);
    EXPECT_EQ(job.retries, 3);
    EXPECT_EQ(job.local_variable("lambdaAttempt"), std::nullopt);
    // Not at once: neither the engine nor the function is asked again and again.
    if (job.fails > 0) EXPECT_GE(job.fail_backoff, milliseconds(1000));
  }
  EXPECT_LE(env.lambda().account().counted().requests, 60U + 5U);
  EXPECT_EQ(env.worker().ended(job_end::failed), 0U);
}

TEST(JourneyThrottling, AWorkerWithOneSlotServesOthersBetweenTheAttemptsOfOne) {
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "1"}};
  test_environment env(options);
  const auto job = env.run(call_of("throttle-once"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
}

TEST(JourneyThrottling, TheJobComesBackNoEarlierThanTheServiceAsksFor) {
  test_environment env;
  env.lambda().register_function("asks-much",
                                 [](const sandbox::invocation&) { return throttled_for("60"); });
  const auto key = env.engine().create(call_of("asks-much"));
  ASSERT_TRUE(env.wait([&] { return env.account(key).fails == 1; }));
  const auto job = env.account(key);
  EXPECT_EQ(job.retries, 2);
  EXPECT_EQ(job.fail_backoff, milliseconds(60'000));
  EXPECT_THAT(job.fail_message, StartsWith("TOO_MANY_REQUESTS: "));
  // Given to the engine, that is as good as the sandbox's clock.
  env.engine().advance(milliseconds(59'000));
  EXPECT_EQ(env.account(key).state, job_state::backoff);
}

TEST(JourneyThrottling, APostponedCallOfAtMostOnceTakesItsMarkerBack) {
  test_environment env(eight_slots());
  env.lambda().register_function("hot",
                                 [](const sandbox::invocation&) { return throttled_for("20"); });
  const auto keys = env.engine().create_many(call_of("hot", "{}", R"({"atMostOnce":"true"})"), 20);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::released) >= 18; }));
  const auto kept = std::count_if(keys.begin(), keys.end(), [&](auto key) {
    const auto marker = env.account(key).local_variable("lambdaCall");
    return marker && *marker != "null";
  });
  EXPECT_EQ(kept, 2);  // of the two that wait
}

TEST(JourneyThrottling, AttemptsWithinOneActivationAreBoundedByTheSettingOfTheSdks) {
  for (const auto& [attempts, requests] :
       {std::pair{"1", 1U}, std::pair{"3", 3U}, std::pair{"100", 4U}}) {
    test_environment_options options;
    options.worker = {{"AWS_MAX_ATTEMPTS", attempts}, {"AWS_SDK_UA_APP_ID", "shop/1"}};
    test_environment env(options);
    env.lambda().register_function("hot",
                                   [](const sandbox::invocation&) { return throttled_for("0"); });
    auto spec = call_of("hot");
    spec.retries = 1;
    const auto job = env.run(spec);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, requests);
    const auto calls = env.lambda().account().invocations();
    const auto agent = calls.front().request.header("User-Agent");
    EXPECT_THAT(std::string(agent), testing::MatchesRegex("lambda-connector/[0-9.]+ app/shop-1"));
  }
}

// With retries that no model writes.
TEST(JourneyThrottling, NumbersOfTheEngineAtTheirEndsAreCountedWith) {
  test_environment env;
  for (const int retries : {std::numeric_limits<int>::min(), -1, 0, 1}) {
    auto spec = call_of("not-there");
    spec.retries = retries;
    EXPECT_EQ(env.run(spec).retries, 0) << retries;
  }
  auto spec = call_of("service-exception", "{}", R"({"retryBackoff":"PT1H"})");
  spec.retries = std::numeric_limits<int>::max();
  const auto key = env.engine().create(spec);
  ASSERT_TRUE(env.wait([&] { return env.account(key).fails == 1; }));
  EXPECT_EQ(env.account(key).retries, std::numeric_limits<int>::max() - 1);
  spec.retries = std::numeric_limits<int>::min();
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_EQ(job.retries, 0);
}

}  // namespace
}  // namespace journey
