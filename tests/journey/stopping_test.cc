// SIGTERM at every moment of a job's life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/world.h"

namespace journey {
namespace {

using testing::StartsWith;

TEST(JourneyStopping, IdleWorkerStopsAtOnce) {
  world all;
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  EXPECT_TRUE(all.worker().stop());
  // The gateway hears a moment later that its calls were cancelled.
  EXPECT_TRUE(all.wait(
      [&] { return all.engine().open_streams() == 0 && all.engine().waiting_polls() == 0; }));
}

TEST(JourneyStopping, RunningCallIsFinishedWithinTheDrainTime) {
  world all;
  const auto key = all.engine().create(call_of("slow", R"({"ms":700})"));
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  EXPECT_TRUE(all.worker().stop());
  EXPECT_EQ(all.account(key).state, job_state::completed);
}

TEST(JourneyStopping, CallWithoutAnAnswerByThenMayHaveRun) {
  world_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  world all(options);
  const auto key = all.engine().create(call_of("slow", R"({"ms":60000})"));
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  all.worker().stop();
  const auto job = all.account(key);
  EXPECT_EQ(job.retries, 2);
  EXPECT_THAT(job.fail_message, StartsWith("AMBIGUOUS: "));
}

TEST(JourneyStopping, ABurstPushedRightBeforeIsReadAndHandedBack) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}};
  world all(options);
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  all.engine().create_many(call_of("echo"), 200);
  EXPECT_TRUE(all.worker().stop());
  std::size_t stranded = 0;
  for (const auto& job : all.engine().accounts()) {
    stranded += job.state == job_state::activated ? 1 : 0;
    EXPECT_GE(job.retries, 1);
  }
  // A machine that stands still for a tenth of a second may leave some to their leases.
  EXPECT_LT(stranded, 20U);
}

TEST(JourneyStopping, JobsThatWaitAreHandedBackAndAnotherWorkerRunsThem) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "2"},
                    {"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  world all(options);
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  all.engine().create_many(call_of("slow", R"({"ms":60000})"), 2);
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 2; }, patience));
  const auto waiting = all.engine().create(call_of("echo"));
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().waiting == 1; }));
  auto second = all.another_worker({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}});
  all.worker().stop();
  const auto job = all.wait_ended(waiting);
  EXPECT_EQ(job.state, job_state::completed)
      << "polled " << job.polled << ", pushed " << job.pushed << ", held by " << job.worker;
  EXPECT_EQ(job.hand_backs, 1U);
  EXPECT_EQ(job.retries, 3);
  EXPECT_EQ(all.lambda().account().job(std::to_string(waiting)).executions, 1U);
}

TEST(JourneyStopping, SecondSignalDoesNotWaitForTheDrainTime) {
  world_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "10m"}};
  world all(options);
  const auto key = all.engine().create(call_of("slow", R"({"ms":60000})"));
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  all.worker().stop_now();
  EXPECT_THAT(all.account(key).fail_message, StartsWith("AMBIGUOUS: "));
}

TEST(JourneyStopping, GatewayThatIsAwayDoesNotHoldTheWorkerForEver) {
  world_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "200ms"}};
  world all(options);
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  all.engine().stop();
  EXPECT_TRUE(all.worker().stop());
}

}  // namespace
}  // namespace journey
