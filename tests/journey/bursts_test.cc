// More jobs at once than the worker has room for.
#include <gtest/gtest.h>

#include <string>

#include "tests/journey/world.h"

namespace journey {
namespace {

// A job that was pushed into a stream and not read when the stream is cancelled is lost until its
// lease of a minute is over, which is longer than anybody waits here.
TEST(JourneyBursts, NoJobIsStrandedInTheStreamThatOverflowed) {
  world_options options;
  options.worker = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "8"}};
  world all(options);
  ASSERT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
  all.engine().create_many(call_of("slow", R"({"ms":20})"), 1000);
  EXPECT_TRUE(all.engine().wait_all_ended(patience));
  const auto totals = all.engine().totals();
  SCOPED_TRACE("pushed " + std::to_string(totals.pushed) + ", polled " +
               std::to_string(totals.polled) + ", handed back " +
               std::to_string(totals.hand_backs));
  EXPECT_EQ(totals.completed, 1000U);
  EXPECT_EQ(totals.expired, 0U);
  EXPECT_EQ(all.lambda().account().counted().executions, 1000U);
  // It did overflow, and was opened again afterwards.
  EXPECT_GE(all.worker().now().streams.closed_full, 1U);
  EXPECT_TRUE(all.wait([&] { return all.engine().open_streams() == 1; }));
}

}  // namespace
}  // namespace journey
