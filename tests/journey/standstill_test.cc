// The machine sleeps with the first job of a partition in a socket: when the worker reads it, its
// lease has long been over, and another worker may have called.
#include <gtest/gtest.h>

#include <atomic>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using connector::boot_clock;
using sandbox::engine::rpc;
using worker::jobs::job_end;

// The worker's clock, which the test moves on. It outlives the worker.
class moved_clock {
 public:
  moved_clock() { boot_clock::source = &read; }
  ~moved_clock() {
    boot_clock::source = &boot_clock::machine_time;
    moved() = 0;
  }
  moved_clock(const moved_clock&) = delete;
  moved_clock& operator=(const moved_clock&) = delete;

  static void skip(boot_clock::duration by) { moved() += by.count(); }

 private:
  static std::atomic<boot_clock::rep>& moved() {
    static std::atomic<boot_clock::rep> by{0};
    return by;
  }
  static boot_clock::time_point read() {
    return boot_clock::machine_time() + boot_clock::duration(moved());
  }
};

constexpr std::chrono::minutes nap{10};
const job_spec once = call_of("echo", "1", R"({"atMostOnce":"true"})");

// The key of a job that the worker got in its sleep.
std::int64_t sleep_over_a_job(test_environment& env) {
  const auto still = env.worker().stall();
  const auto key = env.engine().create(once);
  EXPECT_TRUE(env.wait([&] { return env.account(key).activated() == 1; }));
  moved_clock::skip(nap);
  return key;
}

test_environment_options without_stream() {
  test_environment_options options;
  options.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED"] = "false";
  // Longer than anything here takes: the worker cannot ask again while it sleeps.
  options.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT"] = "20s";
  return options;
}

TEST(JourneyStandstills, FirstPolledJobOfAPartitionIsKnownToBeLate) {
  // given
  const moved_clock clock;
  test_environment env(without_stream());
  ASSERT_TRUE(env.wait([&] { return env.engine().waiting_polls() == 1; }));

  // when
  const auto key = sleep_over_a_job(env);

  // then
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::lapsed) == 1; }));
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 0U);
  EXPECT_EQ(env.engine().calls(rpc::set_variables), 0U);
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 0U);

  // Its next activation is for a poll that was sent after the sleep.
  ASSERT_TRUE(env.wait([&] { return env.engine().waiting_polls() == 1; }));
  env.engine().advance(nap);
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyStandstills, FirstPushedJobOfAPartitionIsKnownToBeLate) {
  // given
  const moved_clock clock;
  test_environment env;
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));

  // when
  const auto key = sleep_over_a_job(env);

  // then
  EXPECT_EQ(env.account(key).pushed, 1U);
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::lapsed) == 1; }));
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 0U);
  EXPECT_EQ(env.engine().calls(rpc::set_variables), 0U);
  EXPECT_EQ(env.engine().calls(rpc::fail_job), 0U);
}

}  // namespace
}  // namespace journey
