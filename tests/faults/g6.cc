// G6: the connection to the gateway is half open: nothing passes in either direction, and no
// error arrives. Keep-alive finds it. Stream and polls go on over a new connection.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/gateway_link.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using clock = std::chrono::steady_clock;

TEST(Faults, G6_TheConnectionToTheGatewayIsHalfOpen) {
  // given
  journey::environment_variables extra = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"}};
  if (!is_long()) extra["CAMUNDA_KEEP_ALIVE"] = "1000";
  gateway_link way(extra);
  auto& env = way.env();
  EXPECT_EQ(env.run(journey::call_of("echo")).state, journey::job_state::completed);
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto connections = way.link().counts().connections;

  // when
  sandbox::fault silent;
  silent.stall_after = 0;
  way.link().set_fault(sandbox::direction::to_target, silent);
  way.link().set_fault(sandbox::direction::to_client, silent);
  const auto begin = clock::now();
  // Some of these are pushed into the dead stream and come back when their lease is over.
  const auto keys = env.engine().create_many(journey::call_of("echo"), is_long() ? 200 : 20);
  ASSERT_TRUE(way.link().wait_for_connections(connections + 1, std::chrono::seconds(100)))
      << "the dead connection was not noticed";
  // then
  const auto noticed = std::chrono::duration_cast<milliseconds>(clock::now() - begin);
  report_action(std::string("half open, noticed after ") + std::to_string(noticed.count()) +
                " ms with pings every " + (is_long() ? "45" : "1") + " s");
  if (is_long()) EXPECT_LE(noticed, std::chrono::seconds(45 + 20 + 1));
  way.link().clear_faults();
  each_ran_once(env, keys);
  EXPECT_TRUE(env.wait([&] { return env.engine().open_streams() >= 1; }));
  EXPECT_TRUE(env.wait([&] { return env.run(journey::call_of("echo")).pushed == 1; }));
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
