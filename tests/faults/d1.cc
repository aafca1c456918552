// D1: SIGKILL between every two steps of durable tasks, again and again. Each job ends once, and
// each has one execution.
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::milliseconds;
using journey::test_environment;
using sandbox::engine::rpc;

constexpr std::size_t jobs_each_time = 4;

// The moments at which a worker dies: right after another step was seen at the engine or at Lambda.
std::vector<std::function<bool()>> moments(test_environment& env, std::uint64_t more) {
  const auto engine_saw = [&env, more](rpc step) {
    return [&env, step, until = env.engine().calls(step) + more] {
      return env.engine().calls(step) >= until;
    };
  };
  const auto requests = env.lambda().account().counted().requests + more;
  return {
      // Asked Lambda: a start, a question, or the result.
      [&env, requests] { return env.lambda().account().counted().requests >= requests; },
      engine_saw(rpc::activate_jobs),
      engine_saw(rpc::fail_job),
      engine_saw(rpc::complete_job),
      engine_saw(rpc::update_job_timeout),
  };
}

TEST(Faults, D1_SigkillComesBetweenTheStepsOfDurableTasks) {
  const int kills = is_long() ? 200 : 12;
  journey::test_environment_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  test_environment env(options);
  std::mt19937 random(1);
  std::vector<std::int64_t> keys;
  for (int i = 0; i < kills; ++i) {
    for (const char* wait : {"poll", "connection"}) {
      const auto made = env.engine().create_many(
          journey::call_of(
              "slow", R"({"ms":900})",
              std::string(R"({"durable":"true","pollInterval":"PT1S","wait":")") + wait + "\"}"),
          jobs_each_time / 2);
      keys.insert(keys.end(), made.begin(), made.end());
    }
    const auto all = moments(env, 1 + random() % 3);
    const auto& reached = all.at(static_cast<std::size_t>(i) % all.size());
    const shipped worker(env);
    // Some steps do not come again: then it dies after two seconds.
    env.engine().wait_until(reached, milliseconds(2000));
  }
  env.start_worker();
  EXPECT_TRUE(env.engine().wait_all_ended(std::chrono::minutes(2)));
  std::set<std::string> names;
  const auto executions = env.lambda().durables().all();
  for (const auto& one : executions) names.insert(one.name);
  EXPECT_EQ(executions.size(), keys.size());
  EXPECT_EQ(names.size(), keys.size());
  for (const auto key : keys) {
    EXPECT_EQ(env.account(key).state, journey::job_state::completed)
        << env.account(key).incident_message;
    EXPECT_EQ(env.account(key).completions_accepted, 1U);
    EXPECT_EQ(env.account(key).retries, 3);
  }
  report_action(std::to_string(kills) + " kills, " + std::to_string(keys.size()) +
                " jobs, one execution each");
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
