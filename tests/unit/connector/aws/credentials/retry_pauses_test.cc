// Pauses between the attempts of one question.
#include "connector/aws/credentials/retry_pauses.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <vector>

#include "connector/base/cancellation.h"

namespace connector::aws {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using next = retry_pauses::next;

class RetryPauses : public testing::Test {
 protected:
  retry_pauses make(int attempts, milliseconds pause, milliseconds left) {
    retry_pauses::limits bounds;
    bounds.attempts = attempts;
    bounds.pause = [this, pause](int failed) {
      asked_.push_back(failed);
      return pause;
    };
    bounds.end = now_ + left;
    return retry_pauses(bounds, [this] { return now_; });
  }

  static asio::awaitable<next> quietly(retry_pauses& pauses) {
    co_await quiet_cancellation();
    const next then = co_await pauses.wait();
    co_return then;
  }

  std::optional<next> wait(retry_pauses& pauses, bool cancelled = false) {
    std::optional<next> got;
    asio::cancellation_signal stop;
    asio::co_spawn(loop_, quietly(pauses),
                   asio::bind_cancellation_slot(
                       stop.slot(), [&](const std::exception_ptr&, next then) { got = then; }));
    loop_.restart();
    loop_.poll();
    if (cancelled) stop.emit(asio::cancellation_type::terminal);
    loop_.run_for(std::chrono::seconds(20));
    return got;
  }

  asio::io_context loop_{1};
  boot_clock::time_point now_ = boot_clock::now();
  std::vector<int> asked_;
};

TEST_F(RetryPauses, EndWhenAttemptsAreUsedUp) {
  auto pauses = make(3, milliseconds(1), milliseconds(1000));
  EXPECT_EQ(wait(pauses), next::attempt);
  EXPECT_EQ(wait(pauses), next::attempt);
  EXPECT_EQ(wait(pauses), next::none);
  EXPECT_EQ(pauses.failed(), 3);
  EXPECT_EQ(asked_, std::vector<int>({1, 2}));
}

TEST_F(RetryPauses, DoNotReachToTheDeadline) {
  auto pauses = make(3, milliseconds(1000), milliseconds(1000));
  EXPECT_EQ(wait(pauses), next::none);
}

TEST_F(RetryPauses, EndWhenCancelled) {
  auto pauses = make(3, std::chrono::hours(1), std::chrono::hours(2));
  EXPECT_EQ(wait(pauses, true), next::cancelled);
}

}  // namespace
}  // namespace connector::aws
