// Waiting for time to pass, and cancellation that is an outcome.
#include "connector/base/wait.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "connector/base/cancellation.h"

namespace connector {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class Wait : public testing::Test {
 protected:
  void start(asio::awaitable<bool> waiting) {
    auto done = [this](std::exception_ptr bug, bool over) {
      thrown_ = bug != nullptr;
      over_ = over;
    };
    asio::co_spawn(loop_, std::move(waiting),
                   asio::bind_cancellation_slot(stop_.slot(), std::move(done)));
    loop_.poll();
  }
  void finish() {
    loop_.restart();
    loop_.run_for(20s);
  }

  asio::io_context loop_{1};
  asio::cancellation_signal stop_;
  bool thrown_ = false;
  std::optional<bool> over_;
};

TEST_F(Wait, IsTrueWhenItsTimeIsOver) {
  start(pause_for(1ms));
  finish();
  EXPECT_EQ(over_, true);
}

TEST_F(Wait, IsFalseWhenItsTimerIsCancelled) {
  asio::steady_timer timer(loop_);
  start(wait_for(timer, 1h));
  ASSERT_EQ(over_, std::nullopt);
  timer.cancel();
  finish();
  EXPECT_EQ(over_, false);
}

TEST_F(Wait, IsFalseWhenItsCoroutineIsCancelled) {
  start(pause_for(1h));
  ASSERT_EQ(over_, std::nullopt);
  stop_.emit(asio::cancellation_type::terminal);
  finish();
  EXPECT_EQ(over_, false);
  EXPECT_FALSE(thrown_);
}

TEST_F(Wait, OfATimerKeepsTheExpiryThatItHas) {
  asio::steady_timer timer(loop_, 1ms);
  start(wait(timer));
  finish();
  EXPECT_EQ(over_, true);
}

// Awaits after it was cancelled, as a clean-up does.
asio::awaitable<bool> waits_twice() {
  const bool first = co_await pause_for(1h);
  const bool second = co_await pause_for(0ms);
  co_return first || second;
}

asio::awaitable<bool> waits_twice_quietly() {
  const bool over = co_await under_quiet_cancellation(waits_twice());
  co_return over;
}

TEST_F(Wait, UnderQuietCancellationGoesOnAfterIt) {
  start(waits_twice_quietly());
  stop_.emit(asio::cancellation_type::terminal);
  finish();
  EXPECT_FALSE(thrown_);
  EXPECT_NE(over_, std::nullopt);
}

TEST_F(Wait, ThrowsAfterCancellationThatIsNotQuiet) {
  start(waits_twice());
  stop_.emit(asio::cancellation_type::terminal);
  finish();
  EXPECT_TRUE(thrown_);
}

asio::awaitable<bool> throws_afterwards() {
  static_cast<void>(co_await under_quiet_cancellation(waits_twice()));
  co_await pause_for(0ms);
  co_return true;
}

TEST_F(Wait, QuietCancellationEndsWithTheCallThatAskedForIt) {
  start(throws_afterwards());
  stop_.emit(asio::cancellation_type::terminal);
  finish();
  EXPECT_TRUE(thrown_);
}

}  // namespace
}  // namespace connector
