// G7: a stream is established and the server never sends. Polls drain the backlog meanwhile, and
// the stream is opened anew.
#include <gtest/gtest.h>

#include "tests/faults/load.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::world;
using sandbox::engine::rpc;

TEST(Faults, G7) {
  did(std::string("a stream silent for ") + (is_long() ? "60 s" : "1 s") +
      " while polls bring jobs");
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  sandbox::engine::fault silent;
  silent.what = sandbox::engine::fault::kind::hang;
  silent.times = 1;
  all.engine().inject(rpc::stream_activated_jobs, silent);
  all.start_worker({{"LAMBDA_CONNECTOR_STREAM_SILENCE", is_long() ? "60s" : "1s"}});
  ASSERT_TRUE(all.wait([&] { return all.worker().snapshot().streams.opened == 1; }));
  flow jobs(all, journey::call_of("echo"), is_long() ? 50 : 20);
  if (is_long()) jobs.pass(milliseconds(58'000));
  ASSERT_TRUE(jobs.pass_until([&] { return all.worker().snapshot().streams.closed_silent > 0; }));
  EXPECT_GT(all.engine().totals().completed, 0U);
  EXPECT_EQ(all.engine().totals().pushed, 0U);
  ASSERT_TRUE(jobs.pass_until([&] { return all.engine().totals().pushed > 0; }));
  each_ran_once(all, jobs.keys());
  EXPECT_EQ(all.worker().snapshot().streams.closed_silent, 1U);
  settle(all);
}

}  // namespace
}  // namespace faults
