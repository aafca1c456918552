// The one timer of all limits: order, disarming, destruction.
#include "connector/http/deadlines.h"

#include <gmock/gmock.h>

#include <vector>

#include "tests/unit/connector/http/http_fixture.h"

namespace connector::http {
namespace {

using std::chrono::milliseconds;

struct noted final : timed {
  explicit noted(std::vector<int>& where, int which) : places(where), number(which) {}
  ~noted() override = default;
  void time_over() override { places.push_back(number); }
  std::vector<int>& places;
  int number;
};

TEST(Deadlines, AreSeenInTheirOrderAndOnlyWhileArmed) {
  boost::asio::io_context loop;
  const auto all = std::make_shared<deadlines>(loop.get_executor());
  std::vector<int> seen;
  noted first(seen, 1);
  noted second(seen, 2);
  noted moved(seen, 3);
  noted disarmed(seen, 4);
  const auto now = boot_clock::now();
  all->arm(disarmed, now + milliseconds(1));
  all->arm(moved, now + milliseconds(2));
  all->arm(second, now + milliseconds(20));
  all->arm(first, now + milliseconds(10));
  all->arm(moved, now + milliseconds(30));
  disarmed.disarm();
  loop.run_for(std::chrono::seconds(20));
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
}

TEST(Deadlines, ADestroyedLimitIsDisarmed) {
  boost::asio::io_context loop;
  const auto all = std::make_shared<deadlines>(loop.get_executor());
  std::vector<int> seen;
  noted stays(seen, 1);
  {
    noted goes(seen, 2);
    all->arm(goes, boot_clock::now());
  }
  all->arm(stays, boot_clock::now() + milliseconds(1));
  loop.run_for(std::chrono::seconds(20));
  EXPECT_EQ(seen, std::vector<int>{1});
}

}  // namespace
}  // namespace connector::http
