// The commands to the engine when an answer is lost, late or a refusal. The worker sends no command
// twice that must be sent once, and none for a job that it does not own any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using grpc::StatusCode;
using sandbox::engine::rpc;
using testing::HasSubstr;
using testing::StartsWith;
using worker::jobs::job_end;

// Carried out, and the answer lost.
sandbox::engine::fault lost_answer() {
  sandbox::engine::fault lost;
  lost.applied = true;
  lost.times = 1;
  return lost;
}

// The worker gets no answer about it any more: no extension, no activation.
void forget_its_jobs(test_environment& env) {
  env.engine().refuse(rpc::activate_jobs, StatusCode::UNAVAILABLE);
  env.engine().refuse(rpc::stream_activated_jobs, StatusCode::UNAVAILABLE);
  env.engine().close_streams(StatusCode::UNAVAILABLE);
  env.engine().refuse(rpc::update_job_timeout, StatusCode::UNAVAILABLE);
}

std::uint64_t executions(test_environment& env, std::int64_t key) {
  return env.lambda().account().job(std::to_string(key)).executions;
}

void wait_until_it_runs(test_environment& env) {
  ASSERT_TRUE(
      env.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
}

TEST(JourneyDeliveries, ARetryThatOvertakesTheAnswerToOurFailJobRunsOnceMore) {
  // given
  test_environment env;
  env.lambda().register_function("second-time", [](const sandbox::invocation& call) {
    return call.attempt < 2 ? sandbox::function_failure("Error", "not yet")
                            : sandbox::json_answer("{}");
  });
  env.engine().inject(rpc::fail_job, lost_answer());

  // when
  const auto job =
      env.run(call_of("second-time", "{}", R"({"onFunctionError":"fail","retryBackoff":"PT0S"})"));

  // then
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.retries, 2);
  EXPECT_EQ(executions(env, job.key), 2U);
  // A second FailJob would have failed the retry.
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 1U);
  EXPECT_EQ(env.worker().ended(job_end::undelivered), 0U);
}

TEST(JourneyDeliveries, AFailJobThatWasCarriedOutIsNotCountedAsUndelivered) {
  test_environment env;
  env.engine().inject(rpc::fail_job, lost_answer());
  const auto job = env.run(call_of("not-there"));
  EXPECT_EQ(job.state, job_state::incident);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::failed) == 1; }));
  EXPECT_EQ(env.worker().ended(job_end::undelivered), 0U);
}

TEST(JourneyDeliveries, FailJobIsNotSentWhenTheActivationIsOver) {
  test_environment env(short_lease());
  const auto key = env.engine().create(call_of("slow", R"({"ms":2500})", R"({"timeout":"PT2S"})"));
  wait_until_it_runs(env);
  forget_its_jobs(env);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 0U);
  EXPECT_EQ(executions(env, key), 1U);
}

TEST(JourneyDeliveries, AFailJobThatTakesTheMarkerBackIsSentOnce) {
  test_environment env(short_lease());
  // Its outcome is unknown: the engine has the marker, or it does not.
  env.engine().refuse(rpc::fail_job, StatusCode::DEADLINE_EXCEEDED, "no answer");
  auto spec = call_of("throttle-always", "{}", R"({"atMostOnce":"true"})");
  env.engine().create(spec);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) >= 1; }));
  EXPECT_EQ(env.engine().calls(rpc::fail_job), env.worker().ended(job_end::undelivered));
}

TEST(JourneyDeliveries, AnEndWithoutACallIsNotOfferedWhenTheActivationIsOver) {
  // given
  test_environment env(short_lease());
  env.engine().refuse(rpc::complete_job, StatusCode::UNAVAILABLE, "away");
  auto spec = call_of("throttle-always", "{}", R"({"onError":"complete"})");
  spec.retries = 1;

  // when
  const auto key = env.engine().create(spec);
  ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::complete_job) > 0; }));
  forget_its_jobs(env);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) == 1; }));

  // then
  EXPECT_EQ(env.account(key).completions_accepted, 0U);
  // The job is free for the next worker that takes it.
  env.engine().lift_all();
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
}

TEST(JourneyDeliveries, AThrownErrorIsOfferedUntilTheEngineTakesIt) {
  test_environment env;
  env.engine().refuse(rpc::throw_error, StatusCode::UNAVAILABLE, "away", 3);
  auto spec = call_of("fail", R"({"type":"OutOfStock"})", R"({"bpmnErrors":"OutOfStock"})");
  spec.caught_errors = {"OutOfStock"};
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::error_thrown);
  EXPECT_EQ(job.throws, 1U);
  EXPECT_EQ(executions(env, job.key), 1U);
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().commands.delivered_late == 1; }));
}

TEST(JourneyDeliveries, AThrownErrorThatTheEngineRefusesIsAnIncidentThatSaysWhy) {
  test_environment env;
  env.engine().refuse(rpc::throw_error, StatusCode::INVALID_ARGUMENT,
                      R"(Invalid JSON value: {"error":{"message":"what it said"}})", 1);
  const auto job = env.run(call_of("fail", "{}", R"({"bpmnErrors":"*"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_THAT(job.incident_message, HasSubstr("INVALID_ARGUMENT: Invalid JSON value"));
  // The engine quotes what it was given, and that is the function's.
  EXPECT_THAT(job.incident_message, testing::Not(HasSubstr("what it said")));
  EXPECT_EQ(executions(env, job.key), 1U);
}

// gRPC gives up a connection whose answer has more metadata than it takes, and calls it exhaustion:
// that is no back-pressure, after which the same would be said for ever.
TEST(JourneyDeliveries, ARefusalIsFinalHoweverLongItsText) {
  for (const std::size_t length : {9'000U, 100'000U}) {
    SCOPED_TRACE(length);
    test_environment env;
    env.engine().refuse(rpc::complete_job, StatusCode::INVALID_ARGUMENT,
                        "no: " + std::string(length, 'x'));
    const auto job = env.run(call_of("echo"));
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_LE(job.incident_message.size(), 1000U);
    EXPECT_EQ(executions(env, job.key), 1U);
    // Of two that are in each other's way the one at fault is found at its second try.
    EXPECT_LE(env.engine().calls(rpc::complete_job), 2U);
    EXPECT_EQ(env.run(call_of("missing")).state, job_state::incident);
  }
}

TEST(JourneyDeliveries, AResultIsGivenUpWhenItsHoldTimeIsOver) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_HOLD_TIME", "1s"}};
  test_environment env(options);
  env.engine().refuse(rpc::complete_job, StatusCode::UNAVAILABLE, "away");
  env.engine().create(call_of("echo"));
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_GT(env.engine().calls(rpc::complete_job), 1U);
  EXPECT_EQ(env.worker().snapshot().commands.dropped, 1U);
  EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().bytes_used == 0; }));
}

TEST(JourneyDeliveries, AFailJobThatIsNeverTakenIsGivenUpToo) {
  test_environment_options options = short_lease({{"LAMBDA_CONNECTOR_HOLD_TIME", "2s"}});
  test_environment env(options);
  env.engine().refuse(rpc::fail_job, StatusCode::UNKNOWN, "not readable");
  env.engine().create(call_of("not-there"));
  // Its lease is extended meanwhile, so that alone would not end it.
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) >= 1; }));
  EXPECT_GT(env.engine().calls(rpc::fail_job), 1U);
}

TEST(JourneyDeliveries, AProxysAnswerIsNotTheEngines) {
  test_environment env;
  env.engine().refuse(rpc::complete_job, StatusCode::UNIMPLEMENTED,
                      "Received http2 header with status: 404", 2);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(executions(env, job.key), 1U);
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 0U);
}

TEST(JourneyMarker, IsWrittenAgainWhenTheEngineIsBusy) {
  test_environment env;
  env.engine().refuse(rpc::set_variables, StatusCode::RESOURCE_EXHAUSTED, "back-pressure", 3);
  const auto job = env.run(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.engine().calls(rpc::set_variables), 4U);
  EXPECT_EQ(executions(env, job.key), 1U);
  EXPECT_EQ(job.fails, 0U);
}

TEST(JourneyMarker, WithALostAnswerIsWrittenAgainAndTheFunctionRunsOnce) {
  test_environment env;
  env.engine().inject(rpc::set_variables, lost_answer());
  const auto job = env.run(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(executions(env, job.key), 1U);
}

TEST(JourneyMarker, RefusedByTheEngineIsAFailureThatSaysWhy) {
  test_environment env;
  env.engine().refuse(rpc::set_variables, StatusCode::UNIMPLEMENTED, "unknown method");
  auto spec = call_of("echo", "{}", R"({"atMostOnce":"true","retryBackoff":"PT0S"})");
  spec.retries = 2;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("SERVICE_ERROR: The marker of atMostOnce"));
  EXPECT_THAT(job.incident_message, HasSubstr("UNIMPLEMENTED"));
  EXPECT_EQ(job.fails, 2U);
  EXPECT_EQ(executions(env, job.key), 0U);
}

// Another worker may have called meanwhile, and its marker is not among the variables read here.
TEST(JourneyMarker, OfAJobThatWasActivatedAgainMeanwhileLeadsToNoCall) {
  // given
  test_environment env(short_lease());
  env.engine().hang(rpc::set_variables);

  // when
  const auto key = env.engine().create(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(env.wait([&] { return env.engine().hanging_calls() > 0; }));
  env.engine().refuse(rpc::update_job_timeout, StatusCode::FAILED_PRECONDITION, "not active");
  const auto before = env.account(key).activated();
  ASSERT_TRUE(env.wait([&] { return env.account(key).activated() > before; }));
  env.engine().lift_all();
  const auto job = env.wait_ended(key);

  // then
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(executions(env, key), 0U);
  EXPECT_EQ(env.worker().ended(job_end::lapsed), 1U);
}

TEST(JourneyMarker, WithoutAnAnswerWhileTheActivationLivesLeavesTheJobAlone) {
  test_environment env(short_lease());
  env.engine().hang(rpc::set_variables);
  const auto key = env.engine().create(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(env.wait([&] { return env.engine().hanging_calls() > 0; }));
  forget_its_jobs(env);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::lapsed) == 1; }));
  EXPECT_EQ(executions(env, key), 0U);
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 0U);
}

}  // namespace
}  // namespace journey
