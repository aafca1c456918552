// L4: the connection is reset before the request, in the middle of it, after it, and in the middle
// of the answer. What never left the worker whole is sent again; what did is not.
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

// Gives the worker a link that resets each connection after so many bytes to Lambda.
class cut_world : public world {
 public:
  explicit cut_world(std::size_t bytes) : world(without_worker()), link_(lambda().port()) {
    start_worker(
        {{"AWS_ENDPOINT_URL_LAMBDA", "https://localhost:" + std::to_string(link_.port())}});
    sandbox::fault cut;
    cut.reset_after = bytes;
    link_.set_fault(sandbox::direction::to_target, cut);
  }
  ~cut_world() { worker().stop_now(); }
  sandbox::fault_proxy& link() { return link_; }

 private:
  static journey::world_options without_worker() {
    journey::world_options options;
    options.start_worker = false;
    return options;
  }
  sandbox::fault_proxy link_;
};

void cut_before(std::size_t count) {
  cut_world all(200);  // within the handshake
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT0.2S"})");
  spec.retries = 100;
  const auto keys = all.engine().create_many(spec, count);
  // Another attempt within the same activation, or the first of the next one.
  EXPECT_TRUE(all.link().wait_for_connections(count + 1, journey::patience));
  EXPECT_EQ(all.lambda().account().counted().executions, 0U);
  all.link().clear_faults();
  each_ran_once(all, keys);
  settle(all);
}

void are_incidents(world& all, const std::vector<std::int64_t>& keys,
                   const testing::Matcher<std::string>& said) {
  ASSERT_TRUE(all.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = all.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, said);
    EXPECT_LE(all.lambda().account().job(std::to_string(key)).requests, 1U);
  }
}

void cut_within(std::size_t count) {
  cut_world all(200'000);
  auto spec = journey::call_of("echo", '"' + std::string(500'000, 'x') + '"');
  spec.retries = 1;
  // It may have run where the system had taken the whole request, though the link passed on a part.
  are_incidents(all, all.engine().create_many(spec, count),
                testing::AnyOf(StartsWith("CONNECTION_ERROR: "), StartsWith("AMBIGUOUS: ")));
  EXPECT_EQ(all.lambda().account().counted().executions, 0U);
  EXPECT_GE(all.link().counts().connections, count);
  settle(all);
}

void cut_afterwards(const std::string& function, std::size_t count) {
  world all;
  auto spec = journey::call_of(function);
  spec.retries = 1;
  const auto keys = all.engine().create_many(spec, count);
  are_incidents(all, keys, StartsWith("AMBIGUOUS: "));
  for (const auto key : keys) {
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).requests, 1U);
  }
  settle(all);
}

TEST(Faults, L4) {
  const std::size_t count = is_long() ? 100 : 3;
  did("reset before the request");
  cut_before(count);
  did("in the middle of it");
  cut_within(count);
  did("after it");
  cut_afterwards("wire-reset", count);
  did("in the middle of the answer");
  cut_afterwards("wire-half-head", count);
  cut_afterwards("wire-half-body-reset", count);
}

}  // namespace
}  // namespace faults
