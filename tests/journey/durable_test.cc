// Durable functions: one execution for one job, whatever breaks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/polled_execution.h"
#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* durable = R"({"durable":"true"})";

std::string name_of(std::int64_t key) { return "job-" + std::to_string(key); }

TEST(JourneyDurable, ExecutionHasTheNameOfItsJobAndEndsAsAnyCall) {
  test_environment env;
  const auto job = env.run(call_of("echo", R"({"n":1.10})", R"({"durable":"true",
      "resultVariable":"answer","durablePrefix":"shop"})"));
  ASSERT_EQ(job.state, job_state::completed) << job.incident_message;
  const auto all = env.lambda().durables().all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].name, "shop-" + std::to_string(job.key));
  EXPECT_THAT(job.process_variable("answer").value_or(""),
              HasSubstr(R"("durableExecutionArn":")" + all[0].arn + '"'));
}

TEST(JourneyDurable, LostAnswerIsAskedForAgainAndAttaches) {
  test_environment env;
  env.lambda().register_function("lossy", [](const sandbox::invocation&) {
    auto out = sandbox::json_answer(R"({"done":true})");
    out.wire = {sandbox::wire::reset()};
    return out;
  });
  const auto job = env.run(call_of("lossy", "{}", durable));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.process_variable("payload"), R"({"done":true})");
  const auto all = env.lambda().durables().all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].invokes, 2U);
  EXPECT_EQ(job.fails, 0U);
}

TEST(JourneyDurable, WorkerThatStopsHandsTheJobBackAndTheNextOneAttaches) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "100ms"}};
  test_environment env(options);
  const auto key = env.engine().create(call_of("slow", R"({"ms":1500})", durable));
  ASSERT_TRUE(env.wait([&] { return env.lambda().durables().all().size() == 1; }));
  EXPECT_TRUE(env.worker().stop());
  EXPECT_EQ(env.account(key).retries, 3);
  env.start_worker();
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  ASSERT_EQ(env.lambda().durables().all().size(), 1U);
  EXPECT_EQ(env.lambda().account().function("slow").executions, 1U);
}

// Both engines began their keys with the same number, and know nothing of each other.
TEST(JourneyDurable, TwoEnginesWithEqualJobKeysHaveExecutionsOfTheirOwn) {
  // given
  test_environment_options options;
  options.engine.cluster_id = "prod";
  test_environment env(options);
  sandbox::engine::options others;
  others.cluster_id = "test";
  others.expiry_interval = milliseconds(20);
  sandbox::engine::engine second(others);
  const auto worker = env.another_worker({{"CAMUNDA_GRPC_ADDRESS", "http://" + second.address()}});

  // when
  const auto first = env.run(call_of("echo", R"({"n":1})", durable));
  const auto key = second.create(call_of("echo", R"({"n":1})", durable));
  ASSERT_TRUE(second.wait_all_ended(patience));

  // then
  EXPECT_EQ(first.state, job_state::completed) << first.incident_message;
  ASSERT_EQ(key, first.key);
  const auto all = env.lambda().durables().all();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_NE(all[0].name, all[1].name);
  for (const auto& each : all) {
    EXPECT_THAT(each.name, testing::MatchesRegex("job-[0-9a-f]+-" + std::to_string(key)));
    EXPECT_EQ(each.invokes, 1U);
  }
}

TEST(JourneyDurable, FailedExecutionIsFoundAgainUnlessAnotherRunIsWanted) {
  test_environment env;
  const std::string payload = R"({"type":"OutOfStock"})";
  const auto once =
      env.run(call_of("fail", payload, R"({"durable":"true","onFunctionError":"fail"})"));
  EXPECT_EQ(once.state, job_state::incident);
  EXPECT_EQ(once.fails, 1U);
  EXPECT_THAT(once.incident_message, StartsWith("FUNCTION_ERROR: "));
  EXPECT_THAT(once.incident_message, HasSubstr("durableRerun=true"));

  const auto again = env.run(call_of("fail", payload,
                                     R"({"durable":"true","onFunctionError":"fail",
                                         "durableRerun":"true","retryBackoff":"PT0S"})"));
  EXPECT_EQ(again.state, job_state::incident);
  EXPECT_EQ(again.fails, 3U);
  std::vector<std::string> names;
  for (const auto& one : env.lambda().durables().all()) names.push_back(one.name);
  const auto name = name_of(again.key);
  EXPECT_THAT(names, testing::ElementsAre(name_of(once.key), name, name + "-1", name + "-2"));
  EXPECT_THAT(again.local_variable("lambdaExecution").value_or(""), HasSubstr(R"("run":3)"));
}

TEST(JourneyDurable, AtMostOnceNeedsNoMarkerBesideIt) {
  test_environment env;
  const auto job = env.run(call_of("echo", "{}", R"({"durable":"true","atMostOnce":"true"})"));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(env.engine().calls(sandbox::engine::rpc::set_variables), 0U);
}

TEST(JourneyDurable, PollingHoldsNothingAndEndsAsAnyCall) {
  test_environment env;
  const auto key = env.engine().create(polled("slow", R"({"ms":2500,"n":1.10})"));
  ASSERT_TRUE(waits(env, key));
  const auto waiting = env.account(key);
  EXPECT_EQ(waiting.retries, 3);
  EXPECT_THAT(waiting.local_variable("lambdaExecution").value_or(""),
              HasSubstr(R"("execution":")" + only(env).arn + '"'));
  EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().active_jobs == 0; }));
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.process_variable("payload"), R"({"ms":2500,"n":1.10})");
  EXPECT_EQ(job.process_variable("executedVersion"), R"("$LATEST")");
  EXPECT_EQ(job.retries, 3);
  EXPECT_EQ(only(env).invokes, 1U);
  EXPECT_GE(env.worker().ended(worker::jobs::job_end::waiting), 1U);
  EXPECT_EQ(env.worker().ended(worker::jobs::job_end::released), 0U);
}

TEST(JourneyDurable, LostAnswerToTheStartIsAskedForAgain) {
  test_environment env;
  env.lambda().register_function("lossy", [](const sandbox::invocation&) {
    auto out = sandbox::json_answer("1");
    out.wire = {sandbox::wire::reset()};
    return out;
  });
  const auto job = env.run(polled("lossy"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(only(env).invokes, 2U);
}

class DurableEnds : public testing::TestWithParam<bool> {};

// Both ways of waiting end alike.
TEST_P(DurableEnds, OfFailuresAreThoseOfAnyCall) {
  test_environment env;
  const std::string wait = GetParam() ? R"(,"wait":"poll")" : "";
  const auto run = [&](const std::string& more) {
    auto spec = call_of("fail", R"({"type":"OutOfStock","message":"none"})",
                        R"({"durable":"true")" + wait + more + "}");
    spec.caught_errors = {"OutOfStock"};
    return env.run(spec);
  };
  const auto completed = run("");
  EXPECT_EQ(completed.state, job_state::completed);
  EXPECT_THAT(completed.process_variable("error").value_or(""),
              HasSubstr(R"("code":"FUNCTION_ERROR","type":"OutOfStock","message":"none")"));
  EXPECT_EQ(run(R"(,"onFunctionError":"bpmnError")").state, job_state::error_thrown);
  EXPECT_EQ(run(R"(,"bpmnErrors":"OutOfStock")").error_code, "OutOfStock");
  const auto failed = run(R"(,"onFunctionError":"fail")");
  EXPECT_EQ(failed.state, job_state::incident);
  EXPECT_THAT(failed.incident_message, StartsWith("FUNCTION_ERROR: Function \"fail\""));
}

INSTANTIATE_TEST_SUITE_P(Wait, DurableEnds, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "Poll" : "Connection"; });

TEST(JourneyDurable, TimeoutAndStopAreErrorsThatAModelCanCatch) {
  test_environment env;
  env.lambda().register_function(
      "late", [](const sandbox::invocation&) { return sandbox::answer{.delay = patience}; },
      {.execution_timeout = milliseconds(300)});
  auto spec = polled("late", "{}", R"(,"bpmnErrors":"TIMED_OUT,STOPPED")");
  spec.caught_errors = {"*"};
  EXPECT_EQ(env.run(spec).error_code, "TIMED_OUT");

  spec = polled("slow", R"({"ms":100000})", R"(,"bpmnErrors":"TIMED_OUT,STOPPED")");
  spec.caught_errors = {"*"};
  const auto key = env.engine().create(spec);
  ASSERT_TRUE(waits(env, key));
  EXPECT_TRUE(env.lambda().durables().stop(env.lambda().durables().all().back().arn, "By", "hand"));
  const auto stopped = env.wait_ended(key);
  EXPECT_EQ(stopped.error_code, "STOPPED");
  EXPECT_THAT(stopped.error_variables, HasSubstr("By: hand"));
}

// The worker asks about the execution when all of them are back.
TEST(JourneyDurable, RestartsOfWorkerEngineAndLambdaLoseNothing) {
  test_environment env;
  const auto key = env.engine().create(polled("slow", R"({"ms":6000})"));
  ASSERT_TRUE(waits(env, key));
  EXPECT_TRUE(env.worker().stop());
  env.engine().stop();
  env.engine().start();
  env.lambda().stop_listening();
  env.lambda().close_connections();
  env.start_worker();
  ASSERT_TRUE(env.wait([&] {
    return env.account(key).fail_message.find("CONNECTION_ERROR") != std::string::npos ||
           env.account(key).fail_message.find("Asking about execution") != std::string::npos;
  }));
  EXPECT_EQ(env.account(key).retries, 3);
  env.lambda().listen_again();
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.retries, 3);
  EXPECT_EQ(only(env).invokes, 1U);
}

TEST(JourneyDurable, ResultThatIsNotKeptAnyMoreIsAnIncidentAtOnce) {
  test_environment env;
  env.lambda().register_function(
      "short", [](const sandbox::invocation&) { return sandbox::json_answer("1"); },
      {.execution_retention = milliseconds(0)});
  const auto job = env.run(polled("short"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("NOT_FOUND: Asking about execution"));
  EXPECT_THAT(job.incident_message, HasSubstr("retention period"));
}

TEST(JourneyDurable, ChangedPayloadIsRefusedAndSaidSo) {
  test_environment env;
  auto spec = call_of("echo", "1", R"({"durable":"true"})");
  spec.variables = R"({"lambda":{"functionName":"echo","payload":1,"durableExecutionName":"n"}})";
  EXPECT_EQ(env.run(spec).state, job_state::completed);
  spec.variables = R"({"lambda":{"functionName":"echo","payload":2,"durableExecutionName":"n"}})";
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("CONFLICT: "));
  EXPECT_THAT(job.incident_message, HasSubstr("another payload"));
}

class CancelledDurable : public testing::TestWithParam<const char*> {};

// The process instance is cancelled while its job is here.
TEST_P(CancelledDurable, StopsItsExecutionWhenTheTaskSaysSo) {
  test_environment env(short_lease());
  const auto key = env.engine().create(
      call_of("slow", R"({"ms":60000})",
              std::string(R"({"durable":"true","onCancel":")") + GetParam() + "\"}"));
  ASSERT_TRUE(env.wait([&] { return env.lambda().durables().all().size() == 1; }));
  ASSERT_TRUE(env.engine().cancel(key));
  const bool stops = std::string(GetParam()) == "stop";
  ASSERT_TRUE(env.wait([&] {
    return env.worker().ended(worker::jobs::job_end::superseded) == 1 &&
           (!stops || only(env).status == "STOPPED");
  }));
  EXPECT_EQ(only(env).status, stops ? "STOPPED" : "RUNNING");
}

INSTANTIATE_TEST_SUITE_P(OnCancel, CancelledDurable, testing::Values("stop", "keep"),
                         [](const auto& tested) { return std::string(tested.param); });

// ... and while it waits at the engine: it never comes back, and the engine says why.
TEST(JourneyDurable, APolledExecutionIsStoppedWhenItsTaskIsCancelledWhileTheJobIsAway) {
  test_environment env;
  const auto key = env.engine().create(polled("slow", R"({"ms":600000})", R"(,"onCancel":"stop")"));
  ASSERT_TRUE(waits(env, key));
  ASSERT_TRUE(env.engine().cancel(key));
  EXPECT_TRUE(env.wait([&] { return only(env).status == "STOPPED"; }));
}

}  // namespace
}  // namespace journey
