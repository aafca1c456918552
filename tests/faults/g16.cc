// G16: jobs of listeners, of ad-hoc sub-processes and of an unknown kind, pushed and polled in
// one burst; then an engine that refuses ends because of the kind of the job. No listener throws. A
// task listener's job gets no variables. The worker does not offer an end again that is refused for
// good. No function runs twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using sandbox::engine::rpc;
using testing::StartsWith;

TEST(Faults, G16_JobsOfListenersAndOfUnknownKinds) {
  // given
  const std::size_t count = is_long() ? 500 : 20;
  test_environment env;
  const auto of_kind = [&](int kind, const std::string& function) {
    auto spec = journey::call_of(
        function, "{}",
        R"({"bpmnErrors":"*","onFunctionError":"bpmnError","retryBackoff":"PT0S"})");
    spec.kind = kind;
    spec.listener_event = 2;
    spec.retries = 1;
    spec.caught_errors = {"*"};
    return env.engine().create_many(spec, count);
  };
  struct one {
    int kind;
    const char* function;
    job_state end;
    std::uint64_t executions;
  };
  constexpr one table[] = {
      {0, "echo", job_state::completed, 1},       {0, "fail", job_state::error_thrown, 1},
      {0, "missing", job_state::error_thrown, 0}, {1, "echo", job_state::completed, 1},
      {1, "fail", job_state::incident, 1},        {1, "missing", job_state::incident, 0},
      {2, "echo", job_state::completed, 1},       {2, "fail", job_state::incident, 1},
      {2, "missing", job_state::incident, 0},     {3, "echo", job_state::incident, 0},
      {4, "echo", job_state::incident, 0},        {-1, "echo", job_state::incident, 0},
  };
  // when
  report_action("kinds 0 to 4 and -1 of jobs, calls that work, fail and are refused");
  std::vector<std::pair<one, std::vector<std::int64_t>>> made;
  for (const auto& row : table) made.emplace_back(row, of_kind(row.kind, row.function));
  ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
  // then
  for (const auto& [row, keys] : made) {
    SCOPED_TRACE(std::to_string(row.kind) + ' ' + row.function);
    for (const auto key : keys) {
      const auto job = env.account(key);
      EXPECT_EQ(job.state, row.end) << job.incident_message;
      EXPECT_EQ(job.refused + job.completions_refused, 0U);
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, row.executions);
    }
  }

  report_action("ends refused with INVALID_STATE that does not pass");
  const auto before = env.engine().calls(rpc::complete_job);
  env.engine().refuse(rpc::complete_job, grpc::StatusCode::FAILED_PRECONDITION,
                      "Command 'COMPLETE' rejected with code 'INVALID_STATE': not of this kind");
  const auto keys = env.engine().create_many(journey::call_of("echo"), count);
  ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  EXPECT_EQ(env.engine().calls(rpc::complete_job), before + count);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
