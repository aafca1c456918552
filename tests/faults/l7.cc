// L7: answers that drip, headers that never end: ended by the call's time or the header limit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using testing::AnyOf;
using testing::StartsWith;

TEST(Faults, L7) {
  did(is_long() ? "1 byte a second against a limit of 60 s"
                : "1 byte a second against a limit of 2 s");
  did("headers without end");
  did("one header without end");
  world all;
  std::vector<std::int64_t> jobs;
  for (const std::string function : {"wire-slow", "wire-endless-headers", "wire-huge-header"}) {
    auto spec = journey::call_of(function, R"({"ms":1000})");
    spec.variables.insert(spec.variables.size() - 2,
                          is_long() ? R"(,"timeout":"PT60S")" : R"(,"timeout":"PT2S")");
    spec.retries = 1;
    jobs.push_back(all.engine().create(spec));
  }
  ASSERT_TRUE(all.engine().wait_all_ended(std::chrono::seconds(is_long() ? 90 : 30)));
  for (const auto key : jobs) {
    const auto job = all.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message,
                AnyOf(StartsWith("AMBIGUOUS: "), StartsWith("RESPONSE_TOO_LARGE: ")));
    // It may have run: never asked again.
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).requests, 1U);
  }
  EXPECT_EQ(all.run(journey::call_of("echo")).state, job_state::completed);
  settle(all);
}

}  // namespace
}  // namespace faults
