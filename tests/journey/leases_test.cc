// The lease of a job: extended while its call runs, lost, or over.
#include <gtest/gtest.h>

#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"
#include "tests/unit/sandbox/engine_client.h"

namespace journey {
namespace {

using sandbox::engine::rpc;
using worker::jobs::job_end;

TEST(JourneyLeases, LongCallIsExtendedAndRunsOnce) {
  // given
  // Not so short that a busy machine misses half of it.
  test_environment env(
      test_environment_options{.engine = {},
                               .lambda = {},
                               .worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "2000"}},
                               .start_worker = true});

  // when
  const auto job = env.run(call_of("slow", R"({"ms":5000})"));

  // then
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_GT(job.extended, 3U);
  EXPECT_EQ(job.expired, 0U);
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

TEST(JourneyLeases, ExtensionRefusedByBackPressureIsTriedAgain) {
  test_environment env(short_lease());
  env.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::RESOURCE_EXHAUSTED, "busy", 3);
  const auto job = env.run(call_of("slow", R"({"ms":3000})"));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
}

TEST(JourneyLeases, JobThatIsGoneHasItsCallAbandonedAndItsResultDropped) {
  test_environment env(short_lease());
  const auto key = env.engine().create(call_of("slow", R"({"ms":20000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  env.engine().cancel(key);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 0U);
  EXPECT_EQ(env.worker().snapshot().active_jobs, 0U);
}

TEST(JourneyLeases, LostActivationDoesNotThrowTheCallAway) {
  test_environment env(short_lease());
  env.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::FAILED_PRECONDITION, "not active");
  const auto key = env.engine().create(call_of("slow", R"({"ms":3000})"));
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_GE(job.expired, 1U);  // it was given to us again, and not started again
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyLeases, GatewayWithoutUpdateTimeoutGetsTheFullLength) {
  test_environment env(short_lease());
  env.engine().update_timeout_unimplemented();
  const auto first = env.wait_ended(env.engine().create(call_of("slow", R"({"ms":3000})")));
  EXPECT_EQ(first.state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(first.key)).executions, 1U);
  const auto calls = env.engine().calls(rpc::update_job_timeout);
  const auto second = env.wait_ended(env.engine().create(call_of("slow", R"({"ms":3000})")));
  EXPECT_EQ(second.state, job_state::completed);
  EXPECT_EQ(env.engine().calls(rpc::update_job_timeout), calls);
  EXPECT_EQ(second.expired, 0U);
}

// Pushed jobs too: a stream that was open asked for the short lease.
TEST(JourneyLeases, StreamsAreOpenedAgainAtAGatewayWithoutUpdateTimeout) {
  test_environment env(short_lease());
  env.engine().update_timeout_unimplemented();
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto first = env.wait_ended(env.engine().create(call_of("slow", R"({"ms":1500})")));
  EXPECT_EQ(first.state, job_state::completed);
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().streams.opened > 1; }));
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto pushed = env.wait_ended(env.engine().create(call_of("slow", R"({"ms":2500})")));
  EXPECT_EQ(pushed.state, job_state::completed);
  EXPECT_EQ(pushed.pushed + pushed.polled, 1U);
  EXPECT_EQ(pushed.expired, 0U);
}

TEST(JourneyLeases, JobThatWaitsIsRunWithWhatItsLastActivationBrought) {
  // given
  auto options = short_lease();
  options.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE"] = "2";
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  env.engine().create_many(call_of("slow", R"({"ms":5000})"), 2);
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 2; }, patience));
  const auto waits = env.engine().create(call_of("echo", "1"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting == 1; }));

  // when
  // As another client does it.
  sandbox::engine::client other(env.engine());
  ASSERT_TRUE(other
                  .set_variables(env.account(waits).element_instance_key,
                                 R"({"lambda":{"functionName":"echo","payload":2}})", true)
                  .ok());
  const auto before = env.account(waits).activated();
  sandbox::engine::fault not_active;
  not_active.code = grpc::StatusCode::FAILED_PRECONDITION;
  not_active.job_key = waits;
  env.engine().inject(rpc::update_job_timeout, not_active);
  ASSERT_TRUE(env.wait([&] { return env.account(waits).activated() > before; }));
  EXPECT_EQ(env.lambda().account().job(std::to_string(waits)).executions, 0U);
  env.engine().lift_all();

  // then
  const auto job = env.wait_ended(waits);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.process_variable("payload"), "2");
  EXPECT_EQ(env.lambda().account().job(std::to_string(waits)).executions, 1U);
}

TEST(JourneyLeases, JobThatWaitedPastItsLeaseIsNotStarted) {
  // given
  auto options = short_lease();
  options.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE"] = "1";
  test_environment env(options);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  env.engine().create(call_of("slow", R"({"ms":3000})"));
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
  const auto waits = env.engine().create(call_of("echo"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting == 1; }));

  // when
  sandbox::engine::fault not_active;
  not_active.code = grpc::StatusCode::FAILED_PRECONDITION;
  not_active.job_key = waits;
  env.engine().inject(rpc::update_job_timeout, not_active);
  env.engine().refuse(rpc::activate_jobs, grpc::StatusCode::UNAVAILABLE);
  env.engine().refuse(rpc::stream_activated_jobs, grpc::StatusCode::UNAVAILABLE);
  env.engine().close_streams(grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::lapsed) == 1; }));

  // then
  EXPECT_EQ(env.lambda().account().job(std::to_string(waits)).requests, 0U);
  env.engine().lift_all();
  EXPECT_EQ(env.wait_ended(waits).state, job_state::completed);
}

}  // namespace
}  // namespace journey
