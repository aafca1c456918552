// A stream of pushed jobs that is there and says nothing.
#include <gtest/gtest.h>

#include "tests/journey/world.h"

namespace journey {
namespace {

using sandbox::engine::fault;
using sandbox::engine::rpc;

TEST(JourneyStream, SilentStreamIsOpenedAnewWhilePollsBringJobs) {
  world_options options;
  options.start_worker = false;
  world all(options);
  // The first stream is never heard of by the engine, as behind a proxy that swallowed it.
  fault silent;
  silent.what = fault::kind::hang;
  silent.times = 1;
  all.engine().inject(rpc::stream_activated_jobs, silent);
  all.start_worker({{"LAMBDA_CONNECTOR_STREAM_SILENCE", "1s"},
                    {"LAMBDA_CONNECTOR_JOB_TYPES", "lambdaConnector.INVOKE"}});
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().streams.opened == 1; }));
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (all.worker().snapshot().streams.closed_silent == 0 &&
         std::chrono::steady_clock::now() < give_up) {
    ASSERT_EQ(all.run(call_of("echo")).state, job_state::completed);
  }
  EXPECT_EQ(all.worker().snapshot().streams.closed_silent, 1U);
  EXPECT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  const auto pushed = all.run(call_of("echo"));
  EXPECT_EQ(pushed.pushed, 1U);
}

}  // namespace
}  // namespace journey
