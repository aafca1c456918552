// P1: SIGTERM with calls of every length under way. No job is asked for any more; what fits the
// drain time is finished, the rest is ended: not started is handed back with its retries, sent and
// not answered may have run. Exit code 0.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

TEST(Faults, P1_SigtermArrivesWithCallsUnderWay) {
  // given
  const std::size_t slots = is_long() ? 100 : 20;
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  shipped worker(env, {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", std::to_string(slots)},
                       {"LAMBDA_CONNECTOR_DRAIN_TIME", is_long() ? "25s" : "4s"}});
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto brief = env.engine().create_many(
      journey::call_of("slow", is_long() ? R"({"ms":10000})" : R"({"ms":1000})"), slots / 2);
  const auto endless =
      env.engine().create_many(journey::call_of("slow", R"({"ms":60000})"), slots / 2);
  ASSERT_TRUE(env.lambda().account().wait_for([&](const auto& t) { return t.executions == slots; },
                                              journey::patience));
  // No slot is free: these wait in the room.
  const auto waiting =
      env.engine().create_many(journey::call_of("slow", R"({"ms":60000})"), slots / 4);
  ASSERT_TRUE(env.wait([&] {
    return env.engine().totals().activated_now + env.engine().totals().completed >=
           slots + waiting.size();
  }));
  // when
  worker.signal(SIGTERM);
  report_action("SIGTERM with " + std::to_string(slots) + " in flight and " +
                std::to_string(waiting.size()) + " waiting");
  ASSERT_TRUE(env.wait(
      [&] { return env.engine().waiting_polls() == 0 && env.engine().open_streams() == 0; }));
  const auto later = env.engine().create(journey::call_of("echo"));
  // Asked to end once more only when it has done all that it says for them.
  ASSERT_TRUE(env.wait([&] { return env.account(endless.back()).fails == 1; }));
  EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();

  // then
  for (const auto key : brief) EXPECT_EQ(env.account(key).state, job_state::completed);
  for (const auto key : endless) {
    const auto job = env.account(key);
    EXPECT_EQ(job.fails, 1U);
    EXPECT_EQ(job.retries, 2);
    EXPECT_THAT(job.fail_message, StartsWith("AMBIGUOUS: "));
  }
  // One may have taken the slot of a brief one just before the signal.
  std::size_t handed_back = 0;
  std::size_t stranded = 0;
  for (const auto key : waiting) {
    const auto job = env.account(key);
    EXPECT_LE(job.fails, 1U);
    handed_back += job.hand_backs;
    // In time for the last slot, or untouched, or (when this machine stood still) on its way to a
    // stream that had been quiet, and free when its lease is over.
    if (job.fails == 0 && job.state != job_state::completed) {
      ++stranded;
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 0U);
    }
    if (job.hand_backs == 1) {
      EXPECT_EQ(job.retries, 3);
      EXPECT_EQ(job.fail_backoff, milliseconds(0));
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 0U);
    }
  }
  EXPECT_EQ(env.account(later).activated(), 0U);
  EXPECT_LT(stranded, 5U);
  report_action(std::to_string(handed_back) + " handed back");
  for (const auto key : endless) env.engine().cancel(key);
  for (const auto key : waiting) env.engine().cancel(key);
  env.start_worker();
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
