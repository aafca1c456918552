// A process that may not start enough threads.
#include "worker/engine/thread_trial.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace worker::engine {
namespace {

TEST(ThreadTrial, SaysHowManyThreadsThereMayBeAndLeavesNoneBehind) {
  std::size_t asked = 0;
  const thread_starter only_three = [&](std::function<void()> body) {
    if (++asked > 3) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  };
  try {
    try_threads(7, only_three);
    ADD_FAILURE() << "did not throw";
  } catch (const std::runtime_error& failed) {
    EXPECT_THAT(failed.what(), testing::HasSubstr("of the 7 threads"));
    EXPECT_THAT(failed.what(), testing::HasSubstr("only 3 can be started (Resource temporarily"));
  }
  EXPECT_EQ(asked, 4U);
  asked = 0;
  EXPECT_NO_THROW(try_threads(3, only_three));
  EXPECT_NO_THROW(try_threads(threads_of_grpc(1)));
  EXPECT_EQ(threads_of_grpc(1000), 21U);
}

}  // namespace
}  // namespace worker::engine
