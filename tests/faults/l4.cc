// L4: the connection is reset before the request, in the middle of it, after it, and in the middle
// of the answer. Lambda starts nothing before it has the whole request, so the first two are sent
// again; the last two may have run and never are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"
#include "tests/sandbox/lambda/fault_proxy.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using testing::StartsWith;

// Bytes of a connection to Lambda before it is reset.
void cut_on_the_way_there(std::size_t bytes, const std::string& payload, std::size_t count) {
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  sandbox::fault_proxy link(all.lambda().port());
  all.start_worker(
      {{"AWS_ENDPOINT_URL_LAMBDA", "https://localhost:" + std::to_string(link.port())}});
  sandbox::fault cut;
  cut.reset_after = bytes;
  link.set_fault(sandbox::direction::to_target, cut);
  auto spec = journey::call_of("echo", payload, R"({"retryBackoff":"PT0.2S"})");
  spec.retries = 100;
  const auto keys = all.engine().create_many(spec, count);
  // Another attempt within the same activation, or the first of the next one.
  EXPECT_TRUE(link.wait_for_connections(count + 1, journey::patience));
  EXPECT_EQ(all.lambda().account().counted().executions, 0U);
  link.clear_faults();
  each_ran_once(all, keys);
  settle(all);
  all.worker().stop_now();
}

void cut_afterwards(const std::string& function, std::size_t count) {
  world all;
  auto spec = journey::call_of(function);
  spec.retries = 1;
  const auto keys = all.engine().create_many(spec, count);
  ASSERT_TRUE(all.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = all.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, StartsWith("AMBIGUOUS: "));
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).requests, 1U);
  }
  settle(all);
}

TEST(Faults, L4) {
  const std::size_t count = is_long() ? 100 : 3;
  did("reset before the request");
  cut_on_the_way_there(200, "{}", count);
  did("in the middle of it");
  cut_on_the_way_there(200'000, '"' + std::string(500'000, 'x') + '"', count);
  did("after it");
  cut_afterwards("wire-reset", count);
  did("in the middle of the answer");
  cut_afterwards("wire-half-head", count);
  cut_afterwards("wire-half-body-reset", count);
}

}  // namespace
}  // namespace faults
