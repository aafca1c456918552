#include "connector/base/boot_timer.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <vector>

#include "tests/unit/connector/base/held_clock.h"

namespace connector {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(BootTimer, EndsWhenBootClockHasReachedItsTime) {
  boost::asio::io_context loop(1);
  held_clock clock(loop);
  std::vector<int> ended;
  boot_timer late(loop, hours(2));
  boot_timer early(loop, milliseconds(20));
  late.async_wait([&ended](boost::system::error_code) { ended.push_back(2); });
  early.async_wait([&ended](boost::system::error_code) { ended.push_back(1); });

  clock.pass(milliseconds(19));
  EXPECT_EQ(ended, std::vector<int>());
  clock.pass(milliseconds(1));
  EXPECT_EQ(ended, std::vector<int>({1}));
  clock.pass(hours(2), seconds(100));
  EXPECT_EQ(ended, std::vector<int>({1, 2}));
}

TEST(BootTimer, ThatIsCancelledSaysSo) {
  boost::asio::io_context loop(1);
  held_clock clock(loop);
  boost::system::error_code why;
  boot_timer timer(loop, hours(2));
  timer.async_wait([&why](boost::system::error_code how) { why = how; });
  clock.run();

  timer.cancel();
  clock.run();

  EXPECT_EQ(why, boost::asio::error::operation_aborted);
}

TEST(BootClock, IsTheMachinesWhenNoTestHoldsIt) {
  {
    boost::asio::io_context loop(1);
    const held_clock clock(loop);
    EXPECT_EQ(boot_clock::now(), boot_clock::now());
  }
  const auto before = boot_clock::machine_time();
  const auto now = boot_clock::now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, boot_clock::machine_time());
}

}  // namespace
}  // namespace connector
