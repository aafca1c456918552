// C1: credentials that have expired or were revoked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using testing::HasSubstr;

TEST(Faults, C1) {
  const std::size_t count = is_long() ? 1000 : 50;
  world all;
  EXPECT_EQ(all.run(journey::call_of("echo")).state, job_state::completed);

  did("expired for " + std::to_string(count) + " jobs, then good again");
  sandbox::access_key key;
  key.expires = std::chrono::system_clock::now() - std::chrono::hours(1);
  all.lambda().set_keys({key});
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT0.1S"})");
  spec.retries = 50;
  const auto keys = all.engine().create_many(spec, count);
  ASSERT_TRUE(all.wait([&] { return all.account(keys.front()).fails > 0; }));
  EXPECT_THAT(all.account(keys.front()).fail_message, HasSubstr("ExpiredToken"));
  all.lambda().set_keys({sandbox::access_key{}});
  for (const auto each : keys) {
    EXPECT_EQ(all.wait_ended(each).state, job_state::completed);
    EXPECT_EQ(all.lambda().account().job(std::to_string(each)).executions, 1U);
  }

  did("revoked");
  sandbox::access_key other;
  other.id = "AKIDOTHER";
  all.lambda().set_keys({other});
  const auto refused_before = all.lambda().account().counted().refused;
  spec.retries = 1;
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, HasSubstr("UNAUTHORIZED: "));
  // Refused for good: asked once, and once more at most.
  EXPECT_LE(all.lambda().account().counted().refused - refused_before, 2U);
  settle(all);
}

}  // namespace
}  // namespace faults
