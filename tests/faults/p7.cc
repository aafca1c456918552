// P7: a soak. One hour of 200 jobs a second (in short: seconds of 40), 5 % of them with a fault,
// the gateway's connection cut now and then. Nothing is lost, and neither memory nor descriptors
// grow: caches and pools fill in the first half, by less than 3 MB; in the second memory grows by
// less than half a megabyte, a megabyte an hour.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"
#include "tests/sandbox/lambda/fault_proxy.h"

namespace faults {
namespace {

using journey::test_environment;
using std::chrono::minutes;

// One call of twenty is refused in a way that passes, by key.
sandbox::answer mostly(const sandbox::invocation& call) {
  constexpr std::array names = {"ServiceException", "EC2ThrottledException",
                                "ENILimitReachedException"};
  const auto number = call.job_key.empty() ? 0 : std::stoull(call.job_key);
  if (call.attempt > 1 || number % 20 != 0) return sandbox::json_answer("{}");
  const auto* name = names[number / 20 % names.size()];
  return sandbox::service_error(name == names[0] ? 500 : 502, name, "made by the row");
}

std::size_t descriptors_of(pid_t process) {
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(process) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

TEST(Faults, P7_AnHourWithFivePercentFaults) {
  // given: a function that fails one call of twenty, and a gateway behind a link
  const milliseconds round = is_long() ? minutes(5) : milliseconds(1000);
  const int rounds = is_long() ? 12 : 4;
  journey::test_environment_options options;
  options.start_worker = false;
  options.engine.keep_variables = false;
  options.lambda.record = false;
  test_environment env(options);
  env.lambda().register_function("mostly", mostly);
  sandbox::fault_proxy link(env.engine().port());
  shipped worker(env, {{"CAMUNDA_GRPC_ADDRESS", "http://127.0.0.1:" + std::to_string(link.port())},
                       {"LOG_LEVEL", "error"}});
  auto spec = journey::call_of("mostly", "{}", R"({"retryBackoff":"PT0.1S"})");
  spec.retries = 10;
  // when: the link is cut after each round
  flow jobs(env, spec, is_long() ? 200 : 40);
  std::vector<double> rss;  // after each round
  std::size_t descriptors = 0;
  for (int i = 0; i < rounds; ++i) {
    jobs.pass(round);
    link.reset_all();
    rss.push_back(worker.process().rss_mb());
    if (i == 0) descriptors = descriptors_of(worker.process().pid());
  }
  env.engine().advance(minutes(2));  // what a cut connection took with it is free again
  // then: every job completes, and memory and descriptors do not grow
  ASSERT_TRUE(env.engine().wait_all_ended(minutes(2)));
  const auto ends = env.engine().totals();
  EXPECT_EQ(ends.completed, jobs.keys().size());
  rss.push_back(worker.process().rss_mb());
  const auto half = rss[rss.size() / 2];
  report_action(
      fmt::format("{} jobs with 5 % faults, {} connections cut, memory {:.1f} MB more in the first "
                  "half, {:.1f} in the second",
                  ends.completed, rounds, half - rss.front(), rss.back() - half));
  EXPECT_LE(descriptors_of(worker.process().pid()), descriptors + 64);
  if (is_long()) {
    EXPECT_LT(half - rss.front(), 3.0);
    EXPECT_LT(rss.back() - half, 0.5);
  }
  EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
