// A job is held, not repeated: results that wait, streams and polls, capacity, atMostOnce.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/journey/short_lease.h"
#include "tests/journey/world.h"

namespace journey {
namespace {

using sandbox::engine::rpc;
using testing::StartsWith;
using worker::jobs::job_end;

TEST(JourneyHeldJobs, ResultIsOfferedUntilTheEngineTakesIt) {
  world all;
  all.engine().refuse(rpc::complete_job, grpc::StatusCode::UNAVAILABLE, "away", 6);
  const auto job = all.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(all.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_TRUE(all.wait([&] { return all.worker().snapshot().commands.delivered_late == 1; }));
}

TEST(JourneyHeldJobs, AnswerOfACompletionThatWasLostIsNoSecondEnd) {
  world all;
  sandbox::engine::fault lost;
  lost.applied = true;
  lost.times = 1;
  all.engine().inject(rpc::complete_job, lost);
  const auto job = all.run(call_of("echo"));
  EXPECT_EQ(job.completions_accepted, 1U);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::superseded) == 1; }));
}

TEST(JourneyHeldJobs, ResultOutlivesItsActivationAndASecondOne) {
  world all(short_lease());
  all.engine().refuse(rpc::complete_job, grpc::StatusCode::UNAVAILABLE, "away");
  const auto key = all.engine().create(call_of("echo"));
  ASSERT_TRUE(all.wait([&] { return all.engine().calls(rpc::complete_job) > 1; }));
  // Its lease is still kept while it is offered; let it be lost all the same.
  all.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::FAILED_PRECONDITION, "not active");
  ASSERT_TRUE(all.wait([&] { return all.account(key).activated() > 1; }));
  all.engine().lift_all();
  EXPECT_EQ(all.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyHeldJobs, ActivationThatOurCompletionOvertookIsNotStarted) {
  world all;
  const auto job = all.run(call_of("echo"));
  ASSERT_EQ(job.state, job_state::completed);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::completed) == 1; }));
  ASSERT_TRUE(all.wait([&] { return all.engine().push_late(job.key); }));
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::superseded) == 1; }));
  EXPECT_EQ(all.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_EQ(all.engine().calls(rpc::complete_job), 1U);
}

TEST(JourneyHeldJobs, GatewayGoesAwayAndComesBack) {
  world all;
  auto slow = call_of("slow", R"({"ms":500})");
  const auto keys = all.engine().create_many(slow, 20);
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running > 0; }, patience));
  all.engine().stop();
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 0; }, patience));
  all.engine().start();
  ASSERT_TRUE(all.engine().wait_all_ended(patience));
  for (const auto key : keys) {
    EXPECT_EQ(all.account(key).state, job_state::completed);
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
  }
}

TEST(JourneyHeldJobs, GatewayThatIsAwayAtStartIsWaitedFor) {
  world_options options;
  options.start_worker = false;
  world all(options);
  const auto key = all.engine().create(call_of("echo"));
  all.engine().stop();
  all.start_worker();
  all.engine().start();
  EXPECT_EQ(all.wait_ended(key).state, job_state::completed);
}

TEST(JourneyHeldJobs, GatewayWithoutStreamsIsPolled) {
  world_options options;
  options.start_worker = false;
  world all(options);
  all.engine().streams_unimplemented();
  all.start_worker();
  all.engine().create_many(call_of("echo"), 50);
  ASSERT_TRUE(all.engine().wait_all_ended(patience));
  EXPECT_EQ(all.engine().totals().completed, 50U);
  EXPECT_EQ(all.engine().totals().pushed, 0U);
}

TEST(JourneyHeldJobs, StreamsThatEndAreOpenedAgain) {
  world all;
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  for (const auto code :
       {grpc::StatusCode::OK, grpc::StatusCode::CANCELLED, grpc::StatusCode::UNAVAILABLE}) {
    const auto before = all.engine().calls(rpc::stream_activated_jobs);
    all.engine().close_streams(code);
    ASSERT_TRUE(all.wait([&] {
      return all.engine().calls(rpc::stream_activated_jobs) > before &&
             all.engine().open_streams() == 1;
    }));
  }
  EXPECT_EQ(all.run(call_of("echo")).state, job_state::completed);
}

TEST(JourneyHeldJobs, EmptyPollsThatComeBackEarlyAreNoBusyLoop) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT", "10000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", "false"}};
  options.start_worker = false;
  world all(options);
  all.engine().no_quorum(true);
  all.start_worker();
  ASSERT_TRUE(all.wait([&] { return all.engine().calls(rpc::activate_jobs) >= 5; }));
  const auto started = std::chrono::steady_clock::now();
  ASSERT_TRUE(all.wait([&] { return all.engine().calls(rpc::activate_jobs) >= 7; }));
  // Back-off has grown to 0.8 s and 1.6 s by then; a busy loop would take no time.
  EXPECT_GT(std::chrono::steady_clock::now() - started, milliseconds(500));
  all.engine().lift_all();
  EXPECT_EQ(all.run(call_of("echo")).state, job_state::completed);
}

TEST(JourneyHeldJobs, NeverHoldsMoreThanSlotsAndPlaces) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}};
  world all(options);
  std::atomic<std::size_t> max_held = 0;
  std::atomic<std::uint64_t> max_running = 0;
  const auto keys = all.engine().create_many(call_of("slow", R"({"ms":50})"), 100);
  ASSERT_TRUE(all.wait([&] {
    const auto seen = all.worker().snapshot();
    max_held = std::max(max_held.load(), seen.active_jobs);
    max_running = std::max(max_running.load(), all.lambda().account().counted().running);
    return all.engine().totals().open == 0;
  }));
  EXPECT_LE(max_held, 8U);
  EXPECT_LE(max_running, 4U);
  EXPECT_EQ(all.engine().totals().completed, 100U);
  for (const auto key : keys) {
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
  }
}

TEST(JourneyHeldJobs, PushedAndPolledJobsBothRunAndEachOnce) {
  world all;
  all.engine().create_many(call_of("echo"), 300);
  ASSERT_TRUE(all.engine().wait_all_ended(patience));
  EXPECT_EQ(all.engine().totals().completed, 300U);
  EXPECT_EQ(all.lambda().account().counted().executions, 300U);
}

TEST(JourneyHeldJobs, AtMostOnceSurvivesAWorkerThatWasKilledWhileItCalled) {
  world_options options = short_lease();
  world all(options);
  const auto key =
      all.engine().create(call_of("slow", R"({"ms":60000})", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  EXPECT_THAT(all.account(key).local_variable("lambdaCall").value_or(""),
              testing::HasSubstr(std::to_string(key)));
  // As if it had been killed: nothing it says reaches the engine any more.
  all.engine().refuse(rpc::fail_job, grpc::StatusCode::UNAVAILABLE, "killed");
  all.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::UNAVAILABLE, "killed");
  ASSERT_TRUE(all.wait([&] { return all.account(key).expired > 0; }));
  all.worker().stop_now();
  all.engine().lift_all();
  all.start_worker();
  const auto job = all.wait_ended(key);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_THAT(job.incident_message, testing::HasSubstr("lambdaCall"));
  EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyHeldJobs, HarmlessRetriesOfAtMostOnceAreNotBlocked) {
  world all;
  auto spec = call_of("throttle-once", "{}", R"({"atMostOnce":"true","retryBackoff":"PT0S"})");
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(all.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

}  // namespace
}  // namespace journey
