// L7: answers that drip, headers that never end: ended by the call's time or the header limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::AnyOf;
using testing::StartsWith;

TEST(Faults, L7_AnswersDripOrHaveEndlessHeaders) {
  // given
  report_action(is_long() ? "1 byte a second against a limit of 60 s"
                          : "1 byte a second against a limit of 2 s");
  report_action("headers without end");
  report_action("one header without end");
  test_environment env;
  // when
  std::vector<std::int64_t> jobs;
  for (const std::string function : {"wire-slow", "wire-endless-headers", "wire-huge-header"}) {
    auto spec = journey::call_of(function, R"({"ms":1000})");
    spec.variables.insert(spec.variables.size() - 2,
                          is_long() ? R"(,"timeout":"PT60S")" : R"(,"timeout":"PT2S")");
    spec.retries = 1;
    jobs.push_back(env.engine().create(spec));
  }
  ASSERT_TRUE(env.engine().wait_all_ended(std::chrono::seconds(is_long() ? 90 : 30)));
  // then
  for (const auto key : jobs) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message,
                AnyOf(StartsWith("AMBIGUOUS: "), StartsWith("RESPONSE_TOO_LARGE: ")));
    // It may have run: never asked again.
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 1U);
  }
  EXPECT_EQ(env.run(journey::call_of("echo")).state, job_state::completed);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
