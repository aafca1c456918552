// P11: the exit code of a stop. A result that the engine does not take by the end of the drain
// time, and a failure that it does not take either, are left: 1, and the last line says so. Nothing
// left: 0.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::engine::rpc;
using testing::HasSubstr;

std::string last_line(const std::string& log) {
  const auto end = log.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const auto begin = log.rfind('\n', end);
  return log.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

void stop_with(const std::vector<rpc>& refused, const std::string& payload, int code,
               const std::string& words) {
  // given: a call that runs, and commands that the engine refuses
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  shipped worker(env, {{"LAMBDA_CONNECTOR_DRAIN_TIME", "1s"}});
  for (const auto which : refused) {
    env.engine().refuse(which, grpc::StatusCode::UNAVAILABLE, "away");
  }
  const auto key = env.engine().create(journey::call_of("slow", payload));
  ASSERT_TRUE(env.lambda().account().wait_for([](const auto& t) { return t.executions == 1; },
                                              journey::patience));
  // when
  worker.signal(SIGTERM);
  // then
  EXPECT_EQ(worker.process().end(journey::patience), code) << worker.log();
  EXPECT_THAT(last_line(worker.log()), HasSubstr(words));
  env.engine().lift_all();
  env.engine().cancel(key);
  expect_all_ended(env);
}

TEST(Faults, P11_AStopLeavesWorkBehind) {
  report_action("a completion that is not taken");
  stop_with({rpc::complete_job}, R"({"ms":10})", 1, R"("endsUndelivered":"1")");
  report_action("the failure of a call that was cut is not taken");
  stop_with({rpc::fail_job}, R"({"ms":60000})", 1, R"("endsUndelivered":"1")");
  report_action("a call that was cut, and told");
  stop_with({}, R"({"ms":60000})", 0, "\"stopped\"");
  report_action("a call that ends within the drain time");
  stop_with({}, R"({"ms":300})", 0, "\"stopped\"");
}

}  // namespace
}  // namespace faults
