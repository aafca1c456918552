// G5: each call of the gateway answers with each transient code; a gateway that knows no streams is
// polled alone.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using grpc::StatusCode;
using journey::milliseconds;
using journey::test_environment;
using sandbox::engine::rpc;

void every_code_of_every_call(std::uint32_t times, std::size_t count) {
  // The lease is short, so that extensions are among the calls.
  journey::test_environment_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"}};
  test_environment env(options);
  for (const auto code : {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED,
                          StatusCode::INTERNAL, StatusCode::CANCELLED}) {
    for (const auto which : {rpc::activate_jobs, rpc::stream_activated_jobs, rpc::complete_job,
                             rpc::update_job_timeout}) {
      env.engine().refuse(which, code, "refused by the gateway", times);
    }
  }
  env.engine().close_streams(StatusCode::INTERNAL, "the stream broke");
  // Twenty refused polls in a row take their back-off of up to five seconds each.
  const milliseconds limit = times * 4 * std::chrono::seconds(15);
  each_ran_once(env, env.engine().create_many(journey::call_of("slow", R"({"ms":1000})"), count),
                limit);
  // FailJob, until the last retry: none is lost between.
  for (const auto code : {StatusCode::UNAVAILABLE, StatusCode::DEADLINE_EXCEEDED,
                          StatusCode::INTERNAL, StatusCode::CANCELLED}) {
    env.engine().refuse(rpc::fail_job, code, "refused by the gateway", times);
  }
  const auto key = env.engine().create(
      journey::call_of("service-exception", "{}", R"({"retryBackoff":"PT0S"})"));
  EXPECT_TRUE(env.engine().wait_all_ended(limit));
  const auto failed = env.account(key);
  EXPECT_EQ(failed.state, journey::job_state::incident);
  EXPECT_EQ(failed.fails, 3U);
  expect_all_ended(env);
}

void no_streams(std::size_t count) {
  // given: a gateway without streams
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  env.engine().streams_unimplemented();
  // when
  env.start_worker();
  each_ran_once(env, env.engine().create_many(journey::call_of("echo"), count));
  // then: polls bring all jobs
  EXPECT_EQ(env.engine().totals().pushed, 0U);
  // Asked once and never again.
  EXPECT_EQ(env.engine().calls(rpc::stream_activated_jobs), 1U);
  EXPECT_EQ(env.worker().snapshot().subscriptions.front().stream, "unsupported");
  expect_all_ended(env);
}

TEST(Faults, G5_EachCallGetsEachTransientCode) {
  const std::size_t count = is_long() ? 500 : 20;
  report_action("UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL and CANCELLED of each call");
  every_code_of_every_call(is_long() ? 5 : 1, count);
  report_action("UNIMPLEMENTED streams");
  no_streams(count);
}

}  // namespace
}  // namespace faults
