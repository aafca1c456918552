// SIGTERM at every moment of a job's life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::StartsWith;

TEST(JourneyStopping, IdleWorkerStopsAtOnce) {
  test_environment env;
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  EXPECT_TRUE(env.worker().stop());
  // The gateway hears a moment later that its calls were cancelled.
  EXPECT_TRUE(env.wait(
      [&] { return env.engine().open_streams() == 0 && env.engine().waiting_polls() == 0; }));
}

TEST(JourneyStopping, RunningCallIsFinishedWithinTheDrainTime) {
  test_environment env;
  const auto key = env.engine().create(call_of("slow", R"({"ms":700})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  EXPECT_TRUE(env.worker().stop());
  EXPECT_EQ(env.account(key).state, job_state::completed);
}

TEST(JourneyStopping, CallWithoutAnAnswerByThenMayHaveRun) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  test_environment env(options);
  const auto key = env.engine().create(call_of("slow", R"({"ms":60000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  env.worker().stop();
  const auto job = env.account(key);
  EXPECT_EQ(job.retries, 2);
  EXPECT_THAT(job.fail_message, StartsWith("AMBIGUOUS: "));
}

TEST(JourneyStopping, ABurstPushedRightBeforeIsReadAndHandedBack) {
  // given
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));

  // when
  env.engine().create_many(call_of("echo"), 200);

  // then
  EXPECT_TRUE(env.worker().stop());
  std::size_t stranded = 0;
  for (const auto& job : env.engine().accounts()) {
    stranded += job.state == job_state::activated ? 1 : 0;
    EXPECT_GE(job.retries, 1);
  }
  // On a machine that pauses for a tenth of a second, some jobs wait for the end of their leases.
  EXPECT_LT(stranded, 20U);
}

TEST(JourneyStopping, JobsThatWaitAreHandedBackAndAnotherWorkerRunsThem) {
  // given
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "2"},
                    {"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  env.engine().create_many(call_of("slow", R"({"ms":60000})"), 2);
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 2; }, patience));
  const auto waiting = env.engine().create(call_of("echo"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting == 1; }));

  // when
  auto second = env.another_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}});
  env.worker().stop();

  // then
  const auto job = env.wait_ended(waiting);
  EXPECT_EQ(job.state, job_state::completed)
      << "polled " << job.polled << ", pushed " << job.pushed << ", held by " << job.worker;
  EXPECT_EQ(job.hand_backs, 1U);
  EXPECT_EQ(job.retries, 3);
  EXPECT_EQ(env.lambda().account().job(std::to_string(waiting)).executions, 1U);
}

TEST(JourneyStopping, SecondSignalDoesNotWaitForTheDrainTime) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "10m"}};
  test_environment env(options);
  const auto key = env.engine().create(call_of("slow", R"({"ms":60000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  env.worker().stop_now();
  EXPECT_THAT(env.account(key).fail_message, StartsWith("AMBIGUOUS: "));
}

TEST(JourneyStopping, GatewayThatIsAwayDoesNotHoldTheWorkerForEver) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  env.engine().stop();
  EXPECT_TRUE(env.worker().stop());
}

}  // namespace
}  // namespace journey
