// L6: a call of more than 16 minutes over a connection that nothing passes on. It completes once,
// the lease is extended, and the system probes the connection at least every 60 s, before anything
// on the way forgets it.
#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <sstream>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using std::chrono::seconds;

// Until the next probe of the client's side of a connection to this port, as the kernel tells it:
// timer 02 of an established connection with nothing unsent.
std::optional<seconds> next_probe(std::uint16_t port) {
  std::ostringstream wanted;
  wanted << ':' << std::uppercase << std::hex;
  wanted.width(4);
  wanted.fill('0');
  wanted << port;
  std::ifstream table("/proc/net/tcp");
  for (std::string line; std::getline(table, line);) {
    std::istringstream fields(line);
    std::string number, near, far, state, queues, timer;
    fields >> number >> near >> far >> state >> queues >> timer;
    if (state != "01" || far.size() < 5 || far.substr(far.size() - 5) != wanted.str()) continue;
    if (timer.rfind("02:", 0) != 0) continue;
    return seconds(std::stoul(timer.substr(3), nullptr, 16) / 100);
  }
  return std::nullopt;
}

TEST(Faults, L6_ACallTakesSixteenMinutes) {
  report_action(is_long() ? "a call of 16 min 10 s, timeout 60 s" : "a call of 4 s, timeout 1 s");
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", is_long() ? "60000" : "1000"}};
  test_environment env(options);
  const auto key = env.engine().create(
      journey::call_of("slow", is_long() ? R"({"ms":970000})" : R"({"ms":4000})"));
  ASSERT_TRUE(env.lambda().account().wait_for([](const auto& t) { return t.running == 1; },
                                              journey::patience));
  std::optional<seconds> probe;
  EXPECT_TRUE(env.wait([&] { return (probe = next_probe(env.lambda().port())).has_value(); }))
      << "no keep-alive timer on the connection";
  if (probe) EXPECT_LE(*probe, seconds(60));
  each_ran_once(env, {key}, std::chrono::minutes(18));
  EXPECT_GE(env.account(key).extended, 2U);
  EXPECT_EQ(env.account(key).expired, 0U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
