// A stream of pushed jobs that is open and silent.
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using sandbox::engine::fault;
using sandbox::engine::rpc;

TEST(JourneyStream, SilentStreamIsOpenedAgainWhilePollsBringJobs) {
  // given
  test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  // The engine never gets the request for the first stream, as behind a proxy that swallowed it.
  fault silent;
  silent.effect = fault::kind::hang;
  silent.times = 1;
  env.engine().inject(rpc::stream_activated_jobs, silent);
  env.start_worker({{"LAMBDA_CONNECTOR_STREAM_SILENCE", "1s"},
                    {"LAMBDA_CONNECTOR_JOB_TYPES", "lambdaConnector.INVOKE"}});
  ASSERT_TRUE(env.wait([&] { return env.worker().snapshot().streams.opened == 1; }));

  // when
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (env.worker().snapshot().streams.closed_silent == 0 &&
         std::chrono::steady_clock::now() < give_up) {
    ASSERT_EQ(env.run(call_of("echo")).state, job_state::completed);
  }

  // then
  EXPECT_EQ(env.worker().snapshot().streams.closed_silent, 1U);
  EXPECT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
  const auto pushed = env.run(call_of("echo"));
  EXPECT_EQ(pushed.pushed, 1U);
}

}  // namespace
}  // namespace journey
