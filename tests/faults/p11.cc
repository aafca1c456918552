// P11: the exit code of a stop. A result that the engine does not take by the end of the drain
// time, and a failure that it does not take either, are left: 1, and the last line says so. Nothing
// left: 0. A gateway that says nothing does not hold the stop up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"
#include "tests/sandbox/lambda/fault_proxy.h"

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

struct stop_case {
  const char* what;
  std::vector<rpc> refused;  // by the engine
  bool silent = false;       // the gateway says nothing any more
  const char* payload;       // of the function that is slow
  int code;
  const char* words;  // in the last line
  std::optional<rpc> unanswered{};
};

// The platform's grace time is ten seconds more than the drain time; then it kills.
constexpr std::chrono::seconds drain_and_grace{11};

class stopped_worker {
 public:
  // A call that runs, or has run. Commands may take a minute.
  explicit stopped_worker(const stop_case& how) : how_(how) {
    for (const auto which : how.refused) {
      env_.engine().refuse(which, grpc::StatusCode::UNAVAILABLE, "away");
    }
    if (how.unanswered) env_.engine().hang(*how.unanswered);
    job_ = env_.engine().create(journey::call_of("slow", how.payload));
    EXPECT_TRUE(env_.lambda().account().wait_for([](const auto& t) { return t.executions == 1; },
                                                 journey::patience));
    if (how.unanswered) {
      EXPECT_TRUE(env_.wait([&] { return env_.engine().hanging_calls() == 1; }));
    }
  }

  void stop() {
    sandbox::fault silence;
    silence.stall_after = 0;
    if (how_.silent) {
      way_.set_fault(sandbox::direction::to_target, silence);
      way_.set_fault(sandbox::direction::to_client, silence);
    }
    asked_at_ = std::chrono::steady_clock::now();
    worker_.signal(SIGTERM);
  }

  void judge() {
    report_action(how_.what);
    // Without a second signal.
    EXPECT_TRUE(env_.wait([&] { return worker_.has_ended(); })) << how_.what;
    EXPECT_LE(std::chrono::steady_clock::now() - asked_at_, drain_and_grace) << how_.what;
    EXPECT_EQ(worker_.process().end(journey::patience), how_.code) << worker_.log();
    EXPECT_THAT(last_line(worker_.log()), HasSubstr(how_.words));
    env_.engine().lift_all();
    env_.engine().cancel(job_);
    expect_all_ended(env_);
  }

 private:
  static journey::test_environment_options without_worker() {
    journey::test_environment_options out;
    out.start_worker = false;
    return out;
  }

  stop_case how_;
  test_environment env_{without_worker()};
  sandbox::fault_proxy way_{env_.engine().port()};
  shipped worker_{env_,
                  {{"CAMUNDA_GRPC_ADDRESS", "http://127.0.0.1:" + std::to_string(way_.port())},
                   {"CAMUNDA_CLIENT_REQUESTTIMEOUT", "1m"},
                   {"LAMBDA_CONNECTOR_DRAIN_TIME", "1s"}}};
  std::int64_t job_ = 0;
  std::chrono::steady_clock::time_point asked_at_;
};

constexpr const char* undelivered = R"("endsUndelivered":"1","jobsRunning":"0")";

TEST(Faults, P11_AStopLeavesWorkBehind) {
  // given
  const stop_case rows[] = {
      {"a completion that is not taken",
       {rpc::complete_job},
       false,
       R"({"ms":10})",
       1,
       undelivered},
      {"the failure of a call that was cut is not taken",
       {rpc::fail_job},
       false,
       R"({"ms":60000})",
       1,
       undelivered},
      {"a completion that began before is not answered",
       {},
       false,
       R"({"ms":10})",
       1,
       R"("endsUndelivered":"0","jobsRunning":"1")",
       rpc::complete_job},
      {"a gateway that says nothing", {}, true, R"({"ms":60000})", 1, undelivered},
      {"a call that was cut, and told", {}, false, R"({"ms":60000})", 0, "\"stopped\""},
      {"a call that ends within the drain time", {}, false, R"({"ms":300})", 0, "\"stopped\""}};
  std::vector<std::unique_ptr<stopped_worker>> all;
  for (const auto& each : rows) all.push_back(std::make_unique<stopped_worker>(each));
  // when
  for (auto& each : all) each->stop();
  // then
  for (auto& each : all) each->judge();
}

}  // namespace
}  // namespace faults
