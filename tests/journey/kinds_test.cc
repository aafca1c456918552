// Jobs of listeners and of ad-hoc sub-processes (ActivatedJob.kind).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using grpc::StatusCode;
using sandbox::engine::rpc;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using worker::jobs::job_end;

constexpr int execution_listener = 1;
constexpr int task_listener = 2;
constexpr int ad_hoc_sub_process = 3;

job_spec of_kind(int kind, const std::string& function, const std::string& headers = "{}") {
  auto spec = call_of(function, R"({"n":1})", headers);
  spec.kind = kind;
  spec.listener_event = kind == task_listener ? 2 : 5;  // COMPLETING, START
  return spec;
}

std::uint64_t runs(test_environment& env, const job_account& job) {
  return env.lambda().account().job(std::to_string(job.key)).executions;
}

TEST(JourneyKinds, ATaskListenersJobRunsAndIsCompletedWithoutVariables) {
  test_environment env;
  const auto job = env.run(of_kind(task_listener, "echo", R"({"resultVariable":"answer"})"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.completion_variables, "");
  EXPECT_EQ(runs(env, job), 1U);
  EXPECT_EQ(job.completions_refused, 0U);
}

TEST(JourneyKinds, AnExecutionListenersJobRunsAsATasks) {
  test_environment env;
  const auto job = env.run(of_kind(execution_listener, "echo"));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(job.process_variable("payload"), R"({"n":1})");
}

TEST(JourneyKinds, AListenerFailsWhereATaskWouldThrow) {
  for (const int kind : {execution_listener, task_listener}) {
    test_environment env;
    auto spec = of_kind(kind, "fail", R"({"onFunctionError":"bpmnError"})");
    spec.retries = 1;
    const auto job = env.run(spec);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message,
                AllOf(StartsWith("FUNCTION_ERROR: "), HasSubstr("throws none")));
    EXPECT_EQ(job.throws, 0U);
    EXPECT_EQ(env.engine().calls(rpc::throw_error), 0U);
    EXPECT_EQ(runs(env, job), 1U);
  }
}

TEST(JourneyKinds, OtherKindsAreRefusedBeforeTheCall) {
  test_environment env;
  const auto ad_hoc = env.run(of_kind(ad_hoc_sub_process, "echo", R"({"onError":"complete"})"));
  EXPECT_EQ(ad_hoc.state, job_state::incident);
  EXPECT_THAT(ad_hoc.incident_message,
              AllOf(StartsWith("INVALID_REQUEST: "), HasSubstr("AD_HOC_SUB_PROCESS")));
  const auto unknown = env.run(of_kind(77, "echo", R"({"bpmnErrors":"*"})"));
  EXPECT_EQ(unknown.state, job_state::incident);
  EXPECT_THAT(unknown.incident_message, HasSubstr("number 77"));
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
  EXPECT_EQ(ad_hoc.fails, 1U);
}

// "Not now" would offer it for the hold time, and then the function would run again.
TEST(JourneyKinds, AStateThatCannotPassEndsAResultAtOnce) {
  test_environment env;
  env.engine().refuse(rpc::complete_job, StatusCode::FAILED_PRECONDITION,
                      "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected to complete "
                      "a job of another kind");
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_EQ(runs(env, job), 1U);
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 1U);
}

TEST(JourneyKinds, AnEndThatTheEngineRefusesWhateverItIsGoesUndeliveredAtOnce) {
  test_environment env;
  for (const auto call : {rpc::complete_job, rpc::fail_job}) {
    env.engine().refuse(call, StatusCode::FAILED_PRECONDITION,
                        "Command rejected with code 'INVALID_STATE': no such thing");
  }
  const auto key = env.engine().create(call_of("echo"));
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::undelivered) == 1; }));
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 1U);
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 1U);
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

}  // namespace
}  // namespace journey
