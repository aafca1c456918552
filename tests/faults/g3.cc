// G3: the gateway is away for a long time. The worker waits: no growing memory, few log
// lines, little processor time. It stays alive, is not ready, and works again afterwards.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;
using journey::test_environment;

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Faults, G3_TheGatewayIsAway) {
  // given
  const std::chrono::seconds away(is_long() ? 600 : 3);
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  shipped worker(env, {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"},
                       {"LAMBDA_CONNECTOR_JOB_TYPES",
                        "lambdaConnector.INVOKE,lambdaConnector.LIST_FUNCTIONS,"
                        "lambdaConnector.GET_FUNCTION"}});
  EXPECT_EQ(env.run(journey::call_of("echo")).state, journey::job_state::completed);
  ASSERT_TRUE(env.wait([&] { return worker.status_of("/readyz") == 200; }));

  // when
  env.engine().stop();
  ASSERT_TRUE(env.wait([&] { return worker.lines_with("the gateway does not answer") > 0; }));
  const auto lines = lines_of(worker.log());
  const auto rss = worker.process().rss_mb();
  const auto cpu = worker.process().cpu_time();
  env.engine().wait_until([] { return false; }, away);
  // then: the worker says so, quietly
  ASSERT_TRUE(env.wait([&] { return worker.status_of("/readyz") == 503; }));
  EXPECT_EQ(worker.status_of("/livez"), 200);
  // One in half a minute, for both ways to the gateway and all job types.
  EXPECT_LE(lines_of(worker.log()) - lines, static_cast<std::size_t>(away.count()) / 30 + 1)
      << worker.log();
  const auto grown = worker.process().rss_mb() - rss;
  const std::chrono::duration<double> spent = worker.process().cpu_time() - cpu;
  if (is_long()) {
    EXPECT_LE(grown, 5.0);
    EXPECT_LT(spent.count(), 0.01 * static_cast<double>(away.count()));
  }

  // and when the gateway is back, jobs are done
  const auto key = env.engine().create(journey::call_of("echo"));
  env.engine().start();
  const auto listens = clock::now();
  EXPECT_EQ(env.wait_ended(key).state, journey::job_state::completed);
  const auto back = std::chrono::duration_cast<milliseconds>(clock::now() - listens);
  if (is_long()) EXPECT_LE(back, milliseconds(5000));
  ASSERT_TRUE(env.wait([&] { return worker.status_of("/readyz") == 200; }));
  report_action("away for " + std::to_string(away.count()) + " s, a job done " +
                std::to_string(back.count()) + " ms after its return");
  EXPECT_EQ(worker.process().end(journey::patience), 0);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
