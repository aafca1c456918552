// L10: the result is larger than the engine takes. One call, one failed job that names size and
// limit, never a loop; the next job is not harmed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using testing::StartsWith;

void refused(const char* known_size, std::size_t count, std::size_t completions) {
  journey::world_options options;
  if (known_size != nullptr) {
    options.worker = {{"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE", known_size}};
  }
  world all(options);
  for (const auto* size : {"2100000", "4200000", "6000000"}) {
    const auto keys = all.engine().create_many(
        journey::call_of("big", std::string(R"({"bytes":)") + size + "}"), count);
    ASSERT_TRUE(all.engine().wait_all_ended(journey::patience));
    for (const auto key : keys) {
      const auto job = all.account(key);
      EXPECT_EQ(job.state, job_state::incident);
      EXPECT_EQ(job.fails, 1U);
      EXPECT_EQ(job.retries, 0);
      EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_TOO_LARGE: "));
      EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
    }
  }
  EXPECT_EQ(all.engine().calls(sandbox::engine::rpc::complete_job), completions);
  EXPECT_EQ(all.run(journey::call_of("echo")).state, job_state::completed);
  settle(all);
}

TEST(Faults, L10) {
  const std::size_t count = is_long() ? 20 : 1;
  did("results over half of the message size, and over all of it");
  refused(nullptr, count, 3 * count);
  did("the same with the size known before sending");
  refused("4MB", count, 0);
}

}  // namespace
}  // namespace faults
