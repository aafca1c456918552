// L5: the server closes a kept connection while the next request is written to it. What took no
// byte goes over another connection; what did is never sent again by the worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

TEST(Faults, L5_KeptConnectionsAreClosed) {
  // given
  const std::size_t count = is_long() ? 5000 : 40;
  journey::test_environment_options options;
  options.lambda.connections.max_requests = 1;  // closed after each answer, without a word
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  test_environment env(options);
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT0S"})");
  spec.retries = 100;
  // when
  const auto keys = env.engine().create_many(spec, count);
  ASSERT_TRUE(env.engine().wait_all_ended(std::chrono::minutes(is_long() ? 10 : 1)));
  // then
  std::uint64_t crossed = 0;
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::completed);
    // A request that crossed the close was never read there: one run, and the activation that sent
    // it ended as unclear.
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 1U);
    if (job.fails > 0) EXPECT_THAT(job.fail_message, StartsWith("AMBIGUOUS: "));
    crossed += job.fails;
  }
  report_action("kept connections closed after each of " + std::to_string(count) + " answers, " +
                std::to_string(crossed) + " requests crossed the close");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
