// L4: the connection is reset before the request, in the middle of it, after it, and in the middle
// of the answer. What never left the worker whole is sent again; what did is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/sandbox/lambda/fault_proxy.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::StartsWith;

// Gives the worker a link that resets each connection after so many bytes to Lambda.
class cut_environment : public test_environment {
 public:
  explicit cut_environment(std::size_t bytes)
      : test_environment(without_worker()), link_(lambda().port()) {
    start_worker(
        {{"AWS_ENDPOINT_URL_LAMBDA", "https://localhost:" + std::to_string(link_.port())}});
    sandbox::fault cut;
    cut.reset_after = bytes;
    link_.set_fault(sandbox::direction::to_target, cut);
  }
  ~cut_environment() { worker().stop_now(); }
  sandbox::fault_proxy& link() { return link_; }

 private:
  static journey::test_environment_options without_worker() {
    journey::test_environment_options options;
    options.start_worker = false;
    return options;
  }
  sandbox::fault_proxy link_;
};

void cut_before(std::size_t count) {
  cut_environment env(200);  // within the handshake
  auto spec = journey::call_of("echo", "{}", R"({"retryBackoff":"PT0.2S"})");
  spec.retries = 100;
  const auto keys = env.engine().create_many(spec, count);
  // Another attempt within the same activation, or the first of the next one.
  EXPECT_TRUE(env.link().wait_for_connections(count + 1, journey::patience));
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
  env.link().clear_faults();
  each_ran_once(env, keys);
  expect_all_ended(env);
}

void are_incidents(test_environment& env, const std::vector<std::int64_t>& keys,
                   const testing::Matcher<std::string>& said) {
  ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::incident);
    EXPECT_THAT(job.incident_message, said);
    EXPECT_LE(env.lambda().account().job(std::to_string(key)).requests, 1U);
  }
}

void cut_within(std::size_t count) {
  cut_environment env(200'000);
  auto spec = journey::call_of("echo", '"' + std::string(500'000, 'x') + '"');
  spec.retries = 1;
  // It may have run where the system had taken the whole request, though the link passed on a part.
  are_incidents(env, env.engine().create_many(spec, count),
                testing::AnyOf(StartsWith("CONNECTION_ERROR: "), StartsWith("AMBIGUOUS: ")));
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
  EXPECT_GE(env.link().counts().connections, count);
  expect_all_ended(env);
}

void cut_afterwards(const std::string& function, std::size_t count) {
  test_environment env;
  auto spec = journey::call_of(function);
  spec.retries = 1;
  const auto keys = env.engine().create_many(spec, count);
  are_incidents(env, keys, StartsWith("AMBIGUOUS: "));
  for (const auto key : keys) {
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 1U);
  }
  expect_all_ended(env);
}

TEST(Faults, L4_ConnectionsAreReset) {
  const std::size_t count = is_long() ? 100 : 3;
  report_action("reset before the request");
  cut_before(count);
  report_action("in the middle of it");
  cut_within(count);
  report_action("after it");
  cut_afterwards("wire-reset", count);
  report_action("in the middle of the answer");
  cut_afterwards("wire-half-head", count);
  cut_afterwards("wire-half-body-reset", count);
}

}  // namespace
}  // namespace faults
