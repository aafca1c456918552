// Limits of the operator for the calls of functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using worker::jobs::job_end;

const std::string limits = "LAMBDA_CONNECTOR_FUNCTION_LIMITS";
const std::string slots = "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE";

test_environment_options with_limits(const std::string& text, const std::string& max_active = "8") {
  test_environment_options options;
  options.worker = {{limits, text}, {slots, max_active}};
  return options;
}

// Notes when its calls begin, and takes its time for each.
class watched_function {
 public:
  explicit watched_function(milliseconds time) : time_(time) {}

  sandbox::answer operator()(const sandbox::invocation&) {
    const std::lock_guard lock(guard_);
    begun_.push_back(std::chrono::steady_clock::now());
    auto out = sandbox::json_answer("{}");
    out.delay = time_;
    return out;
  }
  [[nodiscard]] std::vector<std::chrono::steady_clock::time_point> begun() const {
    const std::lock_guard lock(guard_);
    return begun_;
  }
  // The most calls that began within any time of this length.
  [[nodiscard]] std::size_t most_within(milliseconds length) const {
    const auto all = begun();
    std::size_t most = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto end = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(),
                                    [&](auto each) { return each - all[i] >= length; });
      most = std::max(most, static_cast<std::size_t>(end - all.begin()) - i);
    }
    return most;
  }

 private:
  const milliseconds time_;
  mutable std::mutex guard_;
  std::vector<std::chrono::steady_clock::time_point> begun_;
};

std::shared_ptr<watched_function> watch(test_environment& env, const std::string& name,
                                        milliseconds time) {
  auto made = std::make_shared<watched_function>(time);
  env.lambda().register_function(name,
                                 [made](const sandbox::invocation& call) { return (*made)(call); });
  return made;
}

void expect_no_retry_lost(const test_environment& env, const std::vector<std::int64_t>& keys) {
  for (const auto key : keys) {
    const auto job = env.account(key);
    EXPECT_EQ(job.retries, 3);
    EXPECT_EQ(job.expired, 0U);
    EXPECT_EQ(job.local_variable("lambdaAttempt"), std::nullopt);
  }
}

TEST(JourneyLimits, NoMoreCallsOfAFunctionAtOnceThanTheLimitUnderWhateverName) {
  // given
  test_environment env(with_limits("hot=atOnce 2"));
  const auto hot = watch(env, "hot", milliseconds(30));
  const std::string arn = "arn:aws:lambda:us-east-1:123456789012:function:hot";
  std::vector<std::int64_t> keys;

  // when
  for (const auto& name : {std::string("hot"), std::string("hot:PROD"), arn}) {
    const auto made = env.engine().create_many(call_of(name), 20);
    keys.insert(keys.end(), made.begin(), made.end());
  }
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  }

  // then: with two at once, no three begin within the time of one call
  EXPECT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(hot->begun().size(), 60U);
  EXPECT_LE(hot->most_within(milliseconds(29)), 2U);
  // The engine knows of the last end a moment before the worker.
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::completed) == 65U; }));
  expect_no_retry_lost(env, keys);
}

TEST(JourneyLimits, NoMoreCallsASecondThanTheLimit) {
  test_environment env(with_limits("hot=perSecond 40"));
  const auto hot = watch(env, "hot", milliseconds(0));
  const auto keys = env.engine().create_many(call_of("hot"), 80);
  EXPECT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(hot->begun().size(), 80U);
  // One more at each end of the second, for the way there.
  EXPECT_LE(hot->most_within(milliseconds(1000)), 44U);
  expect_no_retry_lost(env, keys);
}

// The only slot is free while a job waits for its turn.
TEST(JourneyLimits, AWorkerWithOneSlotServesOthersWhileAJobWaits) {
  test_environment env(with_limits("hot=perSecond 0.2", "1"));
  watch(env, "hot", milliseconds(0));
  EXPECT_EQ(env.run(call_of("hot")).state, job_state::completed);
  const auto key = env.engine().create(call_of("hot"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting_for_turn == 1; }));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  }
  EXPECT_EQ(env.account(key).state, job_state::activated);
}

TEST(JourneyLimits, APausedFunctionIsNotCalledForHoursAndEveryJobRunsAfterwards) {
  // given
  test_environment env(with_limits("hot=paused"));
  const auto hot = watch(env, "hot", milliseconds(0));
  const auto keys = env.engine().create_many(call_of("hot", "{}", R"({"atMostOnce":"true"})"), 40);
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::released) >= 40; }));
  const auto job = env.account(keys.front());
  EXPECT_THAT(job.fail_message, StartsWith("WAITING: "));
  EXPECT_THAT(job.fail_message, HasSubstr("is paused"));
  EXPECT_GE(job.fail_backoff, milliseconds(10'000));
  EXPECT_LE(job.fail_backoff, milliseconds(300'000));
  EXPECT_EQ(job.local_variable("lambdaCall"), std::nullopt);
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);

  // when: they come back, are paused still, and go back again
  for (int hour = 1; hour <= 3; ++hour) {
    env.engine().advance(std::chrono::hours(1));
    ASSERT_TRUE(env.wait(
        [&] { return env.worker().ended(job_end::released) >= 40U * (1U + unsigned(hour)); }));
  }
  EXPECT_TRUE(hot->begun().empty());
  env.worker().take_over(env.variables({{limits, "[]"}}));
  env.engine().advance(std::chrono::hours(1));

  // then
  EXPECT_TRUE(env.engine().wait_all_ended(patience));
  EXPECT_EQ(hot->begun().size(), 40U);
  expect_no_retry_lost(env, keys);
}

TEST(JourneyLimits, ANewLimitCountsInARunningWorkerAtOnce) {
  // given
  test_environment env(with_limits("hot=perSecond 0.001"));
  const auto hot = watch(env, "hot", milliseconds(0));
  EXPECT_EQ(env.run(call_of("hot")).state, job_state::completed);
  const auto key = env.engine().create(call_of("hot"));
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting_for_turn == 1; }));
  // when
  env.worker().take_over(env.variables({{limits, "hot=perSecond 1000"}}));
  // then: the job that waits runs, without having gone back
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(env.account(key).fails, 0U);
}

TEST(JourneyLimits, JobsThatWaitGoBackWhenTheWorkerStops) {
  // given
  test_environment env(with_limits("hot=perSecond 0.001"));
  watch(env, "hot", milliseconds(0));
  EXPECT_EQ(env.run(call_of("hot")).state, job_state::completed);
  const auto keys = env.engine().create_many(call_of("hot"), 3);
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().waiting_for_turn == 3; }));
  // when
  EXPECT_TRUE(env.worker().stop());
  // then: another worker takes them at once
  for (const auto key : keys) {
    EXPECT_EQ(env.account(key).hand_backs, 1U);
    EXPECT_EQ(env.account(key).fail_backoff, milliseconds(0));
  }
  env.start_worker({{limits, "[]"}});
  EXPECT_TRUE(env.engine().wait_all_ended(patience));
  expect_no_retry_lost(env, keys);
}

}  // namespace
}  // namespace journey
