// Rows about the machine's wall clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/attack/rows/stage.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/worker/temporary_folder.h"

namespace attack {
namespace {

// The wall clock of a program that has clock_shift.cc preloaded.
class moved_clock {
 public:
  moved_clock() { move(std::chrono::hours(0)); }

  void move(std::chrono::seconds by) {
    const std::int64_t seconds = by.count();
    std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
    if (!file) file.open(file_, std::ios::binary | std::ios::out);
    file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
  }
  [[nodiscard]] environment_variables variables() const {
    return {{"LD_PRELOAD", CLOCK_SHIFT_LIBRARY}, {"CLOCK_SHIFT_FILE", file_}};
  }

 private:
  const tests::temporary_folder folder_;
  const std::string file_ = folder_.at("seconds");
};

// Leases, deadlines and limits go by a clock that does not jump. Signatures need the wall clock:
// Lambda refuses them, and the worker learns the difference.
void jump_while_jobs_run(stage& env, moved_clock& clock, const job_spec& job) {
  for (const int hours : {5, -5, 0}) {
    const auto keys = env.create(job, 20);
    EXPECT_TRUE(env.wait([&] { return env.account(keys.front()).activated() > 0; }));
    clock.move(std::chrono::hours(hours));
    EXPECT_TRUE(env.works());
    EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
    for (const auto key : keys) {
      EXPECT_EQ(env.account(key).state, job_state::completed) << env.account(key).incident_message;
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
    }
  }
}

TEST(Attacks, clock_jumps) {
  moved_clock clock;
  auto variables = clock.variables();
  variables["CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT"] = "2000";
  stage env(variables);
  report_action("the wall clock jumps five hours ahead, ten back, five ahead while jobs run");
  jump_while_jobs_run(env, clock, call_of("slow", R"({"ms":3000})"));
  env.end();
}

// Keys with an end, which AWS's clock dates.
TEST(Attacks, clock_jumps_of_a_role) {
  moved_clock clock;
  sandbox::sts sts;
  auto variables = clock.variables();
  variables["AWS_ENDPOINT_URL_STS"] = sts.url();
  variables["ALLOWED_ROLE_ARNS"] = "arn:aws:iam::123456789012:role/x";
  stage env(variables);
  sts.on_new_keys(
      [&env](std::vector<sandbox::access_key> keys) { env.lambda().set_keys(std::move(keys)); });
  report_action("the same while jobs call as a role");
  auto job = call_of("slow", R"({"ms":1000})");
  job.headers = R"({"authentication.type":"assumeRole",)"
                R"("authentication.roleArn":"arn:aws:iam::123456789012:role/x"})";
  jump_while_jobs_run(env, clock, job);
  EXPECT_GT(sts.count(), 1U);
  env.end();
  sts.on_new_keys({});
}

}  // namespace
}  // namespace attack
