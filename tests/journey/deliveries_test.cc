// What the worker says to the engine when an answer is lost, comes late or is a refusal: nothing
// twice that must be said once, and nothing for a job that is not ours any more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/short_lease.h"
#include "tests/journey/world.h"

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

// Nothing of it comes back to the worker: no extension, no activation.
void forget_its_jobs(world& all) {
  all.engine().refuse(rpc::activate_jobs, StatusCode::UNAVAILABLE);
  all.engine().refuse(rpc::stream_activated_jobs, StatusCode::UNAVAILABLE);
  all.engine().close_streams(StatusCode::UNAVAILABLE);
  all.engine().refuse(rpc::update_job_timeout, StatusCode::UNAVAILABLE);
}

std::uint64_t executions(world& all, std::int64_t key) {
  return all.lambda().account().job(std::to_string(key)).executions;
}

void wait_until_it_runs(world& all) {
  ASSERT_TRUE(
      all.lambda().account().wait_for([](const auto& t) { return t.running == 1; }, patience));
}

TEST(JourneyDeliveries, ARetryThatOvertakesTheAnswerToOurFailJobRunsOnceMore) {
  world all;
  all.lambda().register_function("second-time", [](const sandbox::invocation& call) {
    return call.attempt < 2 ? sandbox::function_failure("Error", "not yet")
                            : sandbox::json_answer("{}");
  });
  all.engine().inject(rpc::fail_job, lost_answer());
  const auto job =
      all.run(call_of("second-time", "{}", R"({"onFunctionError":"fail","retryBackoff":"PT0S"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.retries, 2);
  EXPECT_EQ(executions(all, job.key), 2U);
  // Said once more it would have failed the retry.
  EXPECT_EQ(all.engine().calls(rpc::fail_job), 1U);
  EXPECT_EQ(all.worker().ended(job_end::undelivered), 0U);
}

TEST(JourneyDeliveries, AFailJobThatWasCarriedOutIsNotCountedAsUndelivered) {
  world all;
  all.engine().inject(rpc::fail_job, lost_answer());
  const auto job = all.run(call_of("not-there"));
  EXPECT_EQ(job.state, job_state::incident);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::failed) == 1; }));
  EXPECT_EQ(all.worker().ended(job_end::undelivered), 0U);
}

TEST(JourneyDeliveries, FailJobIsNotSentWhenTheActivationIsOver) {
  world all(short_lease());
  const auto key = all.engine().create(call_of("slow", R"({"ms":2500})", R"({"timeout":"PT2S"})"));
  wait_until_it_runs(all);
  forget_its_jobs(all);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_EQ(all.engine().calls(rpc::fail_job), 0U);
  EXPECT_EQ(executions(all, key), 1U);
}

TEST(JourneyDeliveries, AFailJobThatTakesTheMarkerBackIsSentOnce) {
  world all(short_lease());
  // Its outcome is unknown: the marker stands or it does not.
  all.engine().refuse(rpc::fail_job, StatusCode::DEADLINE_EXCEEDED, "no answer");
  auto spec = call_of("throttle-always", "{}", R"({"atMostOnce":"true"})");
  all.engine().create(spec);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::undelivered) >= 1; }));
  EXPECT_EQ(all.engine().calls(rpc::fail_job), all.worker().ended(job_end::undelivered));
}

TEST(JourneyDeliveries, AnEndThatNoCallStandsBehindIsNotOfferedWhenTheActivationIsOver) {
  world all(short_lease());
  all.engine().refuse(rpc::complete_job, StatusCode::UNAVAILABLE, "away");
  auto spec = call_of("throttle-always", "{}", R"({"onError":"complete"})");
  spec.retries = 1;
  const auto key = all.engine().create(spec);
  ASSERT_TRUE(all.wait([&] { return all.engine().calls(rpc::complete_job) > 0; }));
  forget_its_jobs(all);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_EQ(all.account(key).completions_accepted, 0U);
  // It is free for whoever takes it next.
  all.engine().lift_all();
  EXPECT_EQ(all.wait_ended(key).state, job_state::completed);
}

TEST(JourneyDeliveries, AThrownErrorIsOfferedUntilTheEngineTakesIt) {
  world all;
  all.engine().refuse(rpc::throw_error, StatusCode::UNAVAILABLE, "away", 3);
  auto spec = call_of("fail", R"({"type":"OutOfStock"})", R"({"bpmnErrors":"OutOfStock"})");
  spec.caught_errors = {"OutOfStock"};
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::error_thrown);
  EXPECT_EQ(job.throws, 1U);
  EXPECT_EQ(executions(all, job.key), 1U);
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().commands.delivered_late == 1; }));
}

TEST(JourneyDeliveries, AThrownErrorThatTheEngineRefusesIsAnIncidentThatSaysWhy) {
  world all;
  all.engine().refuse(rpc::throw_error, StatusCode::INVALID_ARGUMENT,
                      R"(Invalid JSON value: {"error":{"message":"what it said"}})", 1);
  const auto job = all.run(call_of("fail", "{}", R"({"bpmnErrors":"*"})"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_THAT(job.incident_message, HasSubstr("INVALID_ARGUMENT: Invalid JSON value"));
  // The engine quotes what it was given, and that is the function's.
  EXPECT_THAT(job.incident_message, testing::Not(HasSubstr("what it said")));
  EXPECT_EQ(executions(all, job.key), 1U);
}

// gRPC gives up a connection whose answer has more metadata than it takes, and calls it exhaustion:
// that is no back-pressure, after which the same would be said for ever.
TEST(JourneyDeliveries, ARefusalIsFinalHoweverLongItsText) {
  for (const std::size_t length : {9'000U, 100'000U}) {
    SCOPED_TRACE(length);
    world all;
    all.engine().refuse(rpc::complete_job, StatusCode::INVALID_ARGUMENT,
                        "no: " + std::string(length, 'x'));
    const auto job = all.run(call_of("echo"));
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_LE(job.incident_message.size(), 1000U);
    EXPECT_EQ(executions(all, job.key), 1U);
    // Of two that are in each other's way the one at fault is found at its second try.
    EXPECT_LE(all.engine().calls(rpc::complete_job), 2U);
    EXPECT_EQ(all.run(call_of("missing")).state, job_state::incident);
  }
}

TEST(JourneyDeliveries, AResultIsGivenUpWhenItsHoldTimeIsOver) {
  world_options options;
  options.worker = {{"LAMBDA_CONNECTOR_HOLD_TIME", "1s"}};
  world all(options);
  all.engine().refuse(rpc::complete_job, StatusCode::UNAVAILABLE, "away");
  all.engine().create(call_of("echo"));
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_GT(all.engine().calls(rpc::complete_job), 1U);
  EXPECT_EQ(all.worker().snapshot().commands.dropped, 1U);
  EXPECT_TRUE(all.wait([&] { return all.worker().snapshot().bytes_used == 0; }));
}

TEST(JourneyDeliveries, AFailJobThatIsNeverTakenIsGivenUpToo) {
  world_options options = short_lease({{"LAMBDA_CONNECTOR_HOLD_TIME", "2s"}});
  world all(options);
  all.engine().refuse(rpc::fail_job, StatusCode::UNKNOWN, "not readable");
  all.engine().create(call_of("not-there"));
  // Its lease is extended meanwhile, so that alone would not end it.
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::undelivered) >= 1; }));
  EXPECT_GT(all.engine().calls(rpc::fail_job), 1U);
}

TEST(JourneyDeliveries, AProxysAnswerIsNotTheEngines) {
  world all;
  all.engine().refuse(rpc::complete_job, StatusCode::UNIMPLEMENTED,
                      "Received http2 header with status: 404", 2);
  const auto job = all.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(executions(all, job.key), 1U);
  EXPECT_EQ(all.engine().calls(rpc::fail_job), 0U);
}

TEST(JourneyMarker, IsWrittenAgainWhenTheEngineIsBusy) {
  world all;
  all.engine().refuse(rpc::set_variables, StatusCode::RESOURCE_EXHAUSTED, "back-pressure", 3);
  const auto job = all.run(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(all.engine().calls(rpc::set_variables), 4U);
  EXPECT_EQ(executions(all, job.key), 1U);
  EXPECT_EQ(job.fails, 0U);
}

TEST(JourneyMarker, WhoseAnswerWasLostIsWrittenAgainAndTheFunctionRunsOnce) {
  world all;
  all.engine().inject(rpc::set_variables, lost_answer());
  const auto job = all.run(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(executions(all, job.key), 1U);
}

TEST(JourneyMarker, ThatTheEngineRefusesIsAFailureThatSaysWhy) {
  world all;
  all.engine().refuse(rpc::set_variables, StatusCode::UNIMPLEMENTED, "unknown method");
  auto spec = call_of("echo", "{}", R"({"atMostOnce":"true","retryBackoff":"PT0S"})");
  spec.retries = 2;
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("SERVICE_ERROR: The marker of atMostOnce"));
  EXPECT_THAT(job.incident_message, HasSubstr("UNIMPLEMENTED"));
  EXPECT_EQ(job.fails, 2U);
  EXPECT_EQ(executions(all, job.key), 0U);
}

// Somebody else may have called meanwhile, and its marker is not among the variables read here.
TEST(JourneyMarker, OfAJobThatWasGivenOutAnewMeanwhileLeadsToNoCall) {
  world all(short_lease());
  all.engine().hang(rpc::set_variables);
  const auto key = all.engine().create(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(all.wait([&] { return all.engine().hanging_calls() > 0; }));
  all.engine().refuse(rpc::update_job_timeout, StatusCode::FAILED_PRECONDITION, "not active");
  const auto before = all.account(key).activated();
  ASSERT_TRUE(all.wait([&] { return all.account(key).activated() > before; }));
  all.engine().lift_all();
  const auto job = all.wait_ended(key);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(executions(all, key), 0U);
  EXPECT_EQ(all.worker().ended(job_end::lapsed), 1U);
}

TEST(JourneyMarker, ThatIsNotAnsweredWhileTheActivationLivesLeavesTheJobAlone) {
  world all(short_lease());
  all.engine().hang(rpc::set_variables);
  const auto key = all.engine().create(call_of("echo", "{}", R"({"atMostOnce":"true"})"));
  ASSERT_TRUE(all.wait([&] { return all.engine().hanging_calls() > 0; }));
  forget_its_jobs(all);
  ASSERT_TRUE(all.wait([&] { return all.worker().ended(job_end::lapsed) == 1; }));
  EXPECT_EQ(executions(all, key), 0U);
  EXPECT_EQ(all.engine().calls(rpc::fail_job), 0U);
}

}  // namespace
}  // namespace journey
