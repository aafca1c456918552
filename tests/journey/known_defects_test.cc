// Five defects that job workers are known for. Each test fails when its defect is put in.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using sandbox::engine::rpc;

test_environment_options with_slots(const std::string& slots, const std::string& lease = "60000") {
  test_environment_options options;
  options.start_worker = false;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", slots},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", lease}};
  return options;
}

// A backlog for polls, and pushes beside it.
TEST(KnownDefects, CapacityIsNotCountedApartForPushAndPoll) {
  // given
  test_environment env(with_slots("4"));
  const auto spec = call_of("slow", R"({"ms":30})");

  // when
  env.engine().create_many(spec, 60);
  env.start_worker();
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  std::uint64_t running = 0;
  std::size_t held = 0;
  for (int i = 0; i < 20; ++i) {
    env.engine().create_many(spec, 2);
    env.wait([&] { return env.lambda().account().counted().running > 0; });
    running = std::max(running, env.lambda().account().counted().running);
    held = std::max(held, env.worker().snapshot().active_jobs);
  }
  ASSERT_TRUE(env.wait([&] {
    running = std::max(running, env.lambda().account().counted().running);
    held = std::max(held, env.worker().snapshot().active_jobs);
    return env.engine().totals().open == 0;
  }));

  // then
  EXPECT_GT(env.engine().totals().polled, 0U);
  EXPECT_GT(env.engine().totals().pushed, 0U);
  EXPECT_LE(running, 4U);
  EXPECT_LE(held, 8U);
}

TEST(KnownDefects, ARefusedJobGivesItsCapacityBack) {
  // given
  test_environment env(with_slots("2"));
  job_spec refused;
  refused.variables = R"({"lambda":{"functionName":"../","payload":1}})";
  env.engine().create_many(refused, 30);
  job_spec unreadable;
  unreadable.headers = "no JSON";
  env.engine().create_many(unreadable, 30);
  env.start_worker();
  ASSERT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(env.engine().totals().incident, 60U);

  // when
  env.engine().create_many(call_of("echo"), 10);
  ASSERT_TRUE(env.engine().wait_all_ended(patience));

  // then
  EXPECT_EQ(env.engine().totals().completed, 10U);
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().active_jobs == 0; }));
  const auto now = env.worker().snapshot();
  EXPECT_EQ(now.slots_used, 0U);
  EXPECT_EQ(now.waiting, 0U);
  EXPECT_EQ(now.bytes_used, 0U);
}

// Jobs that came together wait behind each other for longer than their lease.
TEST(KnownDefects, ABatchIsNotRunOneBehindTheOtherPastItsLease) {
  // given
  test_environment env(with_slots("2", "1000"));

  // when
  env.start_worker();
  ASSERT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto keys = env.engine().create_many(call_of("slow", R"({"ms":1500})"), 4);
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().active_jobs == 4; }));

  // then
  ASSERT_TRUE(env.engine().wait_all_ended(patience));
  for (const auto key : keys) {
    EXPECT_EQ(env.account(key).expired, 0U);
    EXPECT_EQ(env.account(key).completions_accepted, 1U);
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
}

TEST(KnownDefects, AStreamThatIsSilentlyStuckDoesNotStopTheWork) {
  auto options = with_slots("4");
  options.worker["LAMBDA_CONNECTOR_STREAM_SILENCE"] = "1000";
  test_environment env(options);
  env.engine().hang(rpc::stream_activated_jobs);
  env.start_worker();
  ASSERT_TRUE(env.wait([&] { return env.engine().hanging_calls() == 1; }));
  env.engine().create_many(call_of("echo"), 40);
  EXPECT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(env.engine().totals().polled, 40U);
}

// Polls that failed back off; pushes go on, and the backlog is fetched as soon as polls work again,
// while pushes keep the worker busy.
TEST(KnownDefects, BackOffDoesNotStarveTheBacklog) {
  test_environment env(with_slots("4"));
  const auto backlog = env.engine().create_many(call_of("slow", R"({"ms":10})"), 20);
  env.engine().refuse(rpc::activate_jobs, grpc::StatusCode::RESOURCE_EXHAUSTED, "busy");
  env.start_worker();
  ASSERT_TRUE(env.wait([&] { return env.engine().calls(rpc::activate_jobs) >= 4; }));
  env.engine().lift(rpc::activate_jobs);
  const auto pushed = call_of("slow", R"({"ms":20})");
  EXPECT_TRUE(env.wait([&] {
    // Never idle: as many pushes as slots are there all the time.
    const auto open = env.engine().totals().open;
    if (open < backlog.size() + 8) env.engine().create_many(pushed, 8);
    return std::all_of(backlog.begin(), backlog.end(),
                       [&](auto key) { return env.account(key).completions_accepted == 1; });
  }));
}

}  // namespace
}  // namespace journey
