// Several job types that share one capacity.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

constexpr const char* two_types = "lambdaConnector.INVOKE=invoke,billing.INVOKE=invoke";

job_spec billing(const std::string& function, const std::string& payload = "{}") {
  auto spec = call_of(function, payload);
  spec.type = "billing.INVOKE";
  return spec;
}

// The backlog is far longer than the room, and each of its jobs is there before the other types'.
TEST(JourneyFairness, BacklogOfOneTypeDoesNotHoldUpAnother) {
  for (const char* stream : {"true", "false"}) {
    SCOPED_TRACE(std::string("stream ") + stream);
    test_environment_options options;
    options.start_worker = false;
    test_environment env(options);
    env.engine().create_many(call_of("slow", R"({"ms":50})"), 400);
    env.start_worker({{"LAMBDA_CONNECTOR_JOB_TYPES", two_types},
                      {"CAMUNDA_CLIENT_WORKER_STREAM_ENABLED", stream},
                      {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}});
    ASSERT_TRUE(env.wait([&] { return env.engine().totals().completed >= 8; }));
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(env.run(billing("echo")).state, job_state::completed);
    }
    // Behind the whole backlog the five would have come last.
    EXPECT_LT(env.engine().totals().completed, 300U);
    EXPECT_TRUE(env.engine().wait_all_ended(patience));
  }
}

// Polls of all types hang at the same time, and each needs a place to ask for.
TEST(JourneyFairness, OneSlotServesSeveralTypes) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_JOB_TYPES", "a=list,b=get,lambdaConnector.INVOKE"},
                    {"CAMUNDA_CLIENT_WORKER_STREAM_ENABLED", "false"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "1"}};
  test_environment env(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  }
}

TEST(JourneyFairness, TypeHasNoMoreSlotsThanItsLimit) {
  // given
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_JOB_TYPES", two_types},
                    {"LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE", "billing.INVOKE=2"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 2; }));

  // when
  env.engine().create_many(billing("slow", R"({"ms":20})"), 30);
  std::size_t most = 0;
  EXPECT_TRUE(env.wait([&] {
    most = std::max(most, env.worker().snapshot().slots_used);
    return env.engine().totals().completed == 30;
  }));

  // then
  EXPECT_GE(most, 1U);
  EXPECT_LE(most, 2U);
}

}  // namespace
}  // namespace journey
