// G7: a stream is established and the server never sends. Polls drain the backlog meanwhile, and
// the worker opens the stream again.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::engine::rpc;

TEST(Faults, G7_AStreamSaysNothing) {
  report_action(std::string("a stream silent for ") + (is_long() ? "60 s" : "1 s") +
                " while polls bring jobs");
  // given: a stream that says nothing
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  sandbox::engine::fault silent;
  silent.effect = sandbox::engine::fault::kind::hang;
  silent.times = 1;
  env.engine().inject(rpc::stream_activated_jobs, silent);
  env.start_worker({{"LAMBDA_CONNECTOR_STREAM_SILENCE", is_long() ? "60s" : "1s"}});
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().streams.opened == 1; }));
  // when: polls bring jobs
  flow jobs(env, journey::call_of("echo"), is_long() ? 50 : 20);
  if (is_long()) jobs.pass(milliseconds(58'000));
  ASSERT_TRUE(jobs.pass_until([&] { return env.worker().snapshot().streams.closed_silent > 0; }));
  // then: the worker opens another stream, which brings jobs
  EXPECT_GT(env.engine().totals().completed, 0U);
  EXPECT_EQ(env.engine().totals().pushed, 0U);
  ASSERT_TRUE(jobs.pass_until([&] { return env.engine().totals().pushed > 0; }));
  each_ran_once(env, jobs.keys());
  EXPECT_EQ(env.worker().snapshot().streams.closed_silent, 1U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
