// A job is held, not repeated: results that wait, streams and polls, capacity, atMostOnce.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using sandbox::engine::rpc;
using testing::StartsWith;
using worker::jobs::job_end;

TEST(JourneyHeldJobs, ResultIsOfferedUntilTheEngineTakesIt) {
  test_environment env;
  env.engine().refuse(rpc::complete_job, grpc::StatusCode::UNAVAILABLE, "away", 6);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().commands.delivered_late == 1; }));
}

TEST(JourneyHeldJobs, AnswerOfACompletionThatWasLostIsNoSecondEnd) {
  test_environment env;
  sandbox::engine::fault lost;
  lost.applied = true;
  lost.times = 1;
  env.engine().inject(rpc::complete_job, lost);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.completions_accepted, 1U);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
}

TEST(JourneyHeldJobs, ResultOutlivesItsActivationAndASecondOne) {
  test_environment env(short_lease());
  env.engine().refuse(rpc::complete_job, grpc::StatusCode::UNAVAILABLE, "away");
  const auto key = env.engine().create(call_of("echo"));
  ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::complete_job) > 1; }));
  // Its lease is still kept while it is offered; let it be lost all the same.
  env.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::FAILED_PRECONDITION, "not active");
  ASSERT_TRUE(env.wait([&] { return env.account(key).activated() > 1; }));
  env.engine().lift_all();
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyHeldJobs, ActivationThatOurCompletionOvertookIsNotStarted) {
  test_environment env;
  const auto job = env.run(call_of("echo"));
  ASSERT_EQ(job.state, job_state::completed);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::completed) == 1; }));
  ASSERT_TRUE(env.wait([&] { return env.engine().push_late(job.key); }));
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 1U);
}

TEST(JourneyHeldJobs, GatewayGoesAwayAndComesBack) {
  // given
  test_environment env;
  auto slow = call_of("slow", R"({"ms":500})");
  const auto keys = env.engine().create_many(slow, 20);
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running > 0; }, patience));

  // when
  env.engine().stop();
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 0; }, patience));
  env.engine().start();
  ASSERT_TRUE(env.engine().wait_all_ended(patience));

  // then
  for (const auto key : keys) {
    EXPECT_EQ(env.account(key).state, job_state::completed);
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
}

TEST(JourneyHeldJobs, GatewayThatIsAwayAtStartIsWaitedFor) {
  test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  const auto key = env.engine().create(call_of("echo"));
  env.engine().stop();
  env.start_worker();
  env.engine().start();
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
}

TEST(JourneyHeldJobs, GatewayWithoutStreamsIsPolled) {
  test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  env.engine().streams_unimplemented();
  env.start_worker();
  env.engine().create_many(call_of("echo"), 50);
  ASSERT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(env.engine().totals().completed, 50U);
  EXPECT_EQ(env.engine().totals().pushed, 0U);
}

TEST(JourneyHeldJobs, StreamsThatEndAreOpenedAgain) {
  test_environment env;
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  for (const auto code :
       {grpc::StatusCode::OK, grpc::StatusCode::CANCELLED, grpc::StatusCode::UNAVAILABLE}) {
    const auto before = env.engine().calls(rpc::stream_activated_jobs);
    env.engine().close_streams(code);
    ASSERT_TRUE(env.wait([&] {
      return env.engine().calls(rpc::stream_activated_jobs) > before &&
             env.engine().open_streams() == 1;
    }));
  }
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
}

TEST(JourneyHeldJobs, EmptyPollsThatComeBackEarlyAreNoBusyLoop) {
  // given
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT", "10000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", "false"}};
  options.start_worker = false;
  test_environment env(options);
  env.engine().no_quorum(true);

  // when
  env.start_worker();
  ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::activate_jobs) >= 5; }));
  const auto started = std::chrono::steady_clock::now();
  ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::activate_jobs) >= 7; }));

  // then
  // Back-off has grown to 0.8 s and 1.6 s by then; a busy loop would take no time.
  EXPECT_GT(std::chrono::steady_clock::now() - started, milliseconds(500));
  env.engine().lift_all();
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
}

TEST(JourneyHeldJobs, NeverHoldsMoreThanSlotsAndPlaces) {
  // given
  test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "4"}};
  test_environment env(options);
  std::atomic<std::size_t> max_held = 0;
  std::atomic<std::uint64_t> max_running = 0;

  // when
  const auto keys = env.engine().create_many(call_of("slow", R"({"ms":50})"), 100);
  ASSERT_TRUE(env.wait([&] {
    const auto seen = env.worker().snapshot();
    max_held = std::max(max_held.load(), seen.active_jobs);
    max_running = std::max(max_running.load(), env.lambda().account().counted().running);
    return env.engine().totals().open == 0;
  }));

  // then
  EXPECT_LE(max_held, 8U);
  EXPECT_LE(max_running, 4U);
  EXPECT_EQ(env.engine().totals().completed, 100U);
  for (const auto key : keys) {
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
}

TEST(JourneyHeldJobs, PushedAndPolledJobsBothRunAndEachOnce) {
  test_environment env;
  env.engine().create_many(call_of("echo"), 300);
  ASSERT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(env.engine().totals().completed, 300U);
  EXPECT_EQ(env.lambda().account().counted().executions, 300U);
}

TEST(JourneyHeldJobs, AtMostOnceSurvivesAWorkerThatWasKilledWhileItCalled) {
  // given
  test_environment_options options = short_lease();
  test_environment env(options);
  const auto key =
      env.engine().create(call_of("slow", R"({"ms":60000})", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  EXPECT_THAT(env.account(key).local_variable("lambdaCall").value_or(""),
              testing::HasSubstr(std::to_string(key)));

  // when
  // As if it had been killed: nothing it says reaches the engine any more.
  env.engine().refuse(rpc::fail_job, grpc::StatusCode::UNAVAILABLE, "killed");
  env.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::UNAVAILABLE, "killed");
  ASSERT_TRUE(env.wait([&] { return env.account(key).expired > 0; }));
  env.worker().stop_now();
  env.engine().lift_all();
  env.start_worker();

  // then
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_THAT(job.incident_message, testing::HasSubstr("lambdaCall"));
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyHeldJobs, HarmlessRetriesOfAtMostOnceAreNotBlocked) {
  test_environment env;
  auto spec = call_of("throttle-once", "{}", R"({"atMostOnce":"true","retryBackoff":"PT0S"})");
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

}  // namespace
}  // namespace journey
