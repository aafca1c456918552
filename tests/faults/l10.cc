// L10: the result is larger than the engine takes. One call, one failed job that names size and
// limit, never a loop; the next job is not harmed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

void refused(const char* known_size, std::size_t count, std::size_t completions) {
  journey::test_environment_options options;
  if (known_size != nullptr) {
    options.worker = {{"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE", known_size}};
  }
  test_environment env(options);
  for (const auto* size : {"2100000", "4200000", "6000000"}) {
    const auto keys = env.engine().create_many(
        journey::call_of("big", std::string(R"({"bytes":)") + size + "}"), count);
    ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
    for (const auto key : keys) {
      const auto job = env.account(key);
      EXPECT_EQ(job.state, job_state::incident);
      EXPECT_EQ(job.fails, 1U);
      EXPECT_EQ(job.retries, 0);
      EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_TOO_LARGE: "));
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
    }
  }
  EXPECT_EQ(env.engine().calls(sandbox::engine::rpc::complete_job), completions);
  EXPECT_EQ(env.run(journey::call_of("echo")).state, job_state::completed);
  expect_all_ended(env);
}

TEST(Faults, L10_ResultsAreLargerThanTheEngineTakes) {
  const std::size_t count = is_long() ? 20 : 1;
  report_action("results over half of the message size, and over all of it");
  refused(nullptr, count, 3 * count);
  report_action("the same with the size known before sending");
  refused("4MB", count, 0);
}

}  // namespace
}  // namespace faults
