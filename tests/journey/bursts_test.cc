// More jobs at once than the worker has slots and queue places for.
#include <gtest/gtest.h>

#include <string>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

// A stream whose worker has no place left is paused, and read on when a place is free. On a slow
// machine a pause may last a second; then the stream is closed, and what it brought is released.
// The numbers of both depend on time; that each job runs once does not.
TEST(JourneyBursts, EachJobOfABurstThatOverflowsRunsOnce) {
  // given
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "5000"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));

  // when
  env.engine().create_many(call_of("slow", R"({"ms":20})"), 400);
  EXPECT_TRUE(env.engine().wait_all_ended(3 * patience));

  // then
  const auto totals = env.engine().totals();
  SCOPED_TRACE("pushed " + std::to_string(totals.pushed) + ", polled " +
               std::to_string(totals.polled) + ", handed back " +
               std::to_string(totals.hand_backs));
  EXPECT_EQ(totals.completed, 400U);
  EXPECT_EQ(env.lambda().account().counted().executions, 400U);
  // It did overflow.
  EXPECT_GE(env.worker().snapshot().streams.paused, 1U);
  EXPECT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
}

}  // namespace
}  // namespace journey
