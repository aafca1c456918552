// L9: answers of 6 MB, 7 MB, 9 MB and without end. What the engine takes is completed, the rest is
// RESPONSE_TOO_LARGE after one call; many at once stay within slots and budget.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

std::string bytes(std::size_t count) { return R"({"bytes":)" + std::to_string(count) + "}"; }

void too_large(test_environment& env, const std::string& function, const std::string& payload) {
  auto spec = journey::call_of(function, payload);
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_TOO_LARGE: "));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 1U);
}

TEST(Faults, L9_AnswersAreLargeOrEndless) {
  journey::test_environment_options wide;
  wide.engine.max_message_size = std::size_t{32} << 20;
  wide.engine.keep_variables = false;
  wide.worker = {{"LAMBDA_CONNECTOR_BYTE_BUDGET", "16MB"}};
  {
    test_environment env(wide);
    report_action("6 MB completed");
    EXPECT_EQ(env.run(journey::call_of("big", bytes(6'000'000))).state, job_state::completed);
    report_action("9 MB and without end refused");
    too_large(env, "wire-huge-body", bytes(9'000'000));
    too_large(env, "wire-endless-body", "{}");
    const std::size_t count = is_long() ? 200 : 4;
    report_action(std::to_string(count) + " of 6 MB at once");
    const auto keys = env.engine().create_many(journey::call_of("big", bytes(6'000'000)), count);
    std::size_t most = 0;
    EXPECT_TRUE(env.wait([&] {
      most = std::max(most, env.worker().snapshot().bytes_used);
      return env.engine().totals().open == 0;
    }));
    report_action("at most " + std::to_string(most / 1'000'000) + " MB of them held, of 16");
    EXPECT_LE(most, std::size_t{16} << 20U);
    each_ran_once(env, keys);
    EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().bytes_used == 0; }));
    expect_all_ended(env);
  }
  report_action("7 MB over what the engine takes");
  test_environment env;
  too_large(env, "wire-huge-body", bytes(7'000'000));
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
