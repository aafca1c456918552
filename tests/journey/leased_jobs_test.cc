// Jobs with a lease token of the engine (8.10): the engine decides whose job it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/short_lease.h"
#include "tests/journey/test_environment.h"
#include "tests/unit/sandbox/engine_client.h"

namespace journey {
namespace {

using sandbox::engine::rpc;
using testing::HasSubstr;
using worker::jobs::job_end;

// Without a stream: a worker that stands still is given nothing, because it asks for nothing.
test_environment_options with_leases(const std::string& mode) {
  return short_lease({{"LAMBDA_CONNECTOR_JOB_LEASE", mode},
                      {"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", "false"}});
}

// Its activations outlast the test.
const environment_variables long_lease{{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "60000"}};

bool running(test_environment& env, std::size_t calls) {
  return env.lambda().account().wait_for([&](const auto& t) { return t.running == calls; },
                                         patience);
}

// The job of a call that the first worker makes, which stands still until the second one makes it
// too.
struct taken_over {
  explicit taken_over(const std::string& mode) : env(with_leases(mode)) {
    key = env.engine().create(call_of("slow", R"({"ms":4000})"));
    EXPECT_TRUE(running(env, 1));
    auto still = env.worker().stall();
    successor = env.another_worker(long_lease);
    EXPECT_TRUE(running(env, 2));
    still.reset();
  }

  test_environment env;
  std::int64_t key = 0;
  std::unique_ptr<running_worker> successor;
};

TEST(JourneyLeasedJobs, AStalledWorkerThatWakesUpCannotCompleteOverItsSuccessor) {
  // given
  taken_over given("offered");
  auto& env = given.env;

  // when: it has its answer first
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
  EXPECT_EQ(env.account(given.key).fenced, 1U);

  // then
  EXPECT_EQ(env.wait_ended(given.key).state, job_state::completed);
  ASSERT_TRUE(env.wait([&] { return given.successor->ended(job_end::completed) == 1; }));
  EXPECT_EQ(env.account(given.key).fenced, 1U);
  // What the engine refused was its completion or, where that was due first, an extension.
  const auto refused_completions = env.worker().snapshot().commands.fenced;
  EXPECT_LE(refused_completions, 1U);
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 1U + refused_completions);
  EXPECT_EQ(env.worker().snapshot().commands.held, 0U);
}

// What the tokens are for: our own clock cannot keep a result from a job that has another holder.
TEST(JourneyLeasedJobs, WithoutLeasesTheFirstAnswerCompletesTheJobOfTheSuccessor) {
  taken_over given("off");
  auto& env = given.env;
  EXPECT_EQ(env.wait_ended(given.key).state, job_state::completed);
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::completed) == 1; }));
  EXPECT_TRUE(env.wait([&] { return given.successor->ended(job_end::superseded) == 1; }));
  EXPECT_EQ(env.account(given.key).fenced, 0U);
  EXPECT_EQ(env.account(given.key).lease_token, "");
}

TEST(JourneyLeasedJobs, AStalledWorkerCannotFailTheJobOfItsSuccessor) {
  // given: both calls end by their time limit, the first worker's first
  test_environment env(with_leases("required"));
  auto spec = call_of("slow", R"({"ms":25000})", R"({"jobTimeout":"PT3S"})");
  spec.retries = 1;
  const auto key = env.engine().create(spec);
  ASSERT_TRUE(running(env, 1));
  auto still = env.worker().stall();
  auto successor = env.another_worker(long_lease);
  ASSERT_TRUE(running(env, 2));

  // when
  still.reset();
  const auto job = env.wait_ended(key);

  // then
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));
  EXPECT_TRUE(env.wait([&] { return successor->ended(job_end::failed) == 1; }));
  EXPECT_EQ(env.account(key).fails, 1U);
  EXPECT_EQ(env.account(key).fenced, 1U);
}

// The engine's clock ran ahead of the worker's: the engine says so with the next extension.
TEST(JourneyLeasedJobs, ARefusedExtensionCutsTheCallAtOnceAndTheJobIsTheSuccessors) {
  // given
  auto options = with_leases("required");
  options.worker["CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT"] = "5000";
  test_environment env(options);
  const auto key = env.engine().create(call_of("slow", R"({"ms":25000})"));
  ASSERT_TRUE(running(env, 1));
  auto still = env.worker().stall();
  ASSERT_TRUE(env.wait([&] { return env.engine().waiting_polls() == 0; }));
  env.engine().advance(milliseconds(5500));
  sandbox::engine::client successor(env.engine());
  auto request = sandbox::engine::client::poll_request();
  request.set_withlease(true);
  ASSERT_EQ(successor.poll(request).jobs.size(), 1U);

  // when
  still.reset();
  ASSERT_TRUE(env.wait([&] { return env.worker().ended(job_end::superseded) == 1; }));

  // then
  const auto seen = env.worker().snapshot();
  EXPECT_EQ(seen.leases.fenced, 1U);
  EXPECT_EQ(seen.active_jobs, 0U);
  EXPECT_EQ(seen.slots_used, 0U);
  EXPECT_EQ(env.engine().calls(rpc::complete_job), 0U);
  EXPECT_EQ(env.account(key).state, job_state::activated);
}

TEST(JourneyLeasedJobs, EveryEndOfAJobCarriesTheToken) {
  test_environment env(with_leases("required"));
  const auto completed = env.run(call_of("echo"));
  EXPECT_EQ(completed.state, job_state::completed) << completed.incident_message;
  EXPECT_NE(completed.lease_token, "");
  auto boundary = call_of("fail", "{}", R"({"onFunctionError":"bpmnError"})");
  boundary.caught_errors = {"*"};
  EXPECT_EQ(env.run(boundary).state, job_state::error_thrown);
  EXPECT_EQ(
      env.run(call_of("fail", "{}", R"({"onFunctionError":"fail","retryBackoff":"PT0S"})")).state,
      job_state::incident);
  const auto extended = env.run(call_of("slow", R"({"ms":2000})"));
  EXPECT_EQ(extended.state, job_state::completed);
  EXPECT_GT(extended.extended, 0U);
  for (const auto& job : env.engine().accounts()) EXPECT_EQ(job.fenced, 0U);
}

TEST(JourneyLeasedJobs, APartitionOfTheVersionBeforeGetsItsJobsBackUntilItIsUpgraded) {
  // given
  auto options = with_leases("required");
  options.engine.partitions = 2;
  options.engine.speaks.partitions_of_9 = 1;
  test_environment env(options);
  const auto old_partition = env.engine().create(call_of("echo"));
  const auto new_partition = env.engine().create(call_of("echo"));
  EXPECT_EQ(env.wait_ended(new_partition).state, job_state::completed);
  ASSERT_TRUE(env.wait([&] { return env.account(old_partition).hand_backs == 1; }));
  EXPECT_THAT(env.account(old_partition).fail_message, HasSubstr("gave no lease token"));

  // when: still the version before, then the new one
  env.engine().advance(milliseconds(10'000));
  ASSERT_TRUE(env.wait([&] { return env.account(old_partition).hand_backs == 2; }));
  EXPECT_EQ(env.account(old_partition).retries, 3);
  env.engine().upgrade_partitions();
  env.engine().advance(milliseconds(10'000));

  // then
  const auto job = env.wait_ended(old_partition);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_EQ(env.worker().snapshot().without_lease_token, 2U);
}

TEST(JourneyLeasedJobs, AnOfferedLeaseIsNoConditionAtAnOldEngine) {
  auto options = with_leases("offered");
  options.engine.speaks.minor = 9;
  test_environment env(options);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.lease_token, "");
}

// It is activated here again: the result of the first call goes with the new token.
TEST(JourneyLeasedJobs, AWorkerThatGetsItsOwnJobAgainCompletesItWithTheNewToken) {
  test_environment env(with_leases("required"));
  env.engine().refuse(rpc::update_job_timeout, grpc::StatusCode::FAILED_PRECONDITION, "not active");
  const auto key = env.engine().create(call_of("slow", R"({"ms":2500})"));
  const auto job = env.wait_ended(key);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_GE(job.expired, 1U);
  EXPECT_EQ(job.fenced, 0U);
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

}  // namespace
}  // namespace journey
