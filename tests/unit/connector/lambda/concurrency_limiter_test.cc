#include "connector/lambda/concurrency_limiter.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "connector/base/cancellation.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using admission = concurrency_limiter::admission;

// One that asks to be let through, and keeps its pass until it is told otherwise.
struct visitor {
  std::optional<admission> let;
  concurrency_limiter::permit pass;
  asio::cancellation_signal cancel;
};

class ConcurrencyLimiter : public testing::Test {
 protected:
  concurrency_limiter& gate() {
    if (!limiter_) {
      limiter_settings how;
      how.bounds = bounds;
      how.max_waiting = max_waiting;
      how.now = [this] { return time(); };
      how.random = [] { return 0.0; };
      limiter_.emplace(how);
    }
    return *limiter_;
  }

  static asio::awaitable<void> visit(concurrency_limiter& at, std::string function, deadline end,
                                     std::shared_ptr<visitor> who) {
    co_await quiet_cancellation();
    const auto let = co_await at.enter(std::move(function), end, who->pass);
    who->let = let;
  }

  std::shared_ptr<visitor> ask(const std::string& function,
                               std::chrono::milliseconds within = 20s) {
    auto who = std::make_shared<visitor>();
    asio::co_spawn(loop, visit(gate(), function, time() + within, who),
                   asio::bind_cancellation_slot(who->cancel.slot(),
                                                [](std::exception_ptr bug) { EXPECT_FALSE(bug); }));
    spin();
    return who;
  }

  void spin() {
    loop.restart();
    loop.poll();
  }

  bool run_until_let(const visitor& who) {
    const auto bound = boot_clock::now() + 20s;
    while (!who.let && boot_clock::now() < bound) {
      loop.restart();
      loop.run_one_for(20ms);
    }
    return who.let.has_value();
  }

  boot_clock::time_point time() const { return now.value_or(boot_clock::now()); }

  // The function is throttled while so many calls of it are under way, all of them refused.
  void throttle(const std::string& function, int together = 2) {
    std::vector<std::shared_ptr<visitor>> all;
    for (int i = 0; i < together; ++i) all.push_back(ask(function));
    for (auto& one : all) one->pass.throttled(0ms);
  }

  asio::io_context loop;
  concurrency_bounds bounds{{1ms, 1ms}, 60s};
  std::size_t max_waiting = 0;
  std::optional<boot_clock::time_point> now;  // stands still when it is set

 private:
  std::optional<concurrency_limiter> limiter_;
};

TEST_F(ConcurrencyLimiter, EverybodyPassesUntilThrottled) {
  std::vector<std::shared_ptr<visitor>> all;
  for (int i = 0; i < 100; ++i) all.push_back(ask("f"));
  for (const auto& one : all) EXPECT_EQ(one->let, admission::granted);
  all.clear();
  EXPECT_EQ(gate().size(), 0U);
}

TEST_F(ConcurrencyLimiter, AThrottledFunctionIsPassedOneByOneInOrder) {
  throttle("f");
  const auto first = ask("f");
  ASSERT_TRUE(run_until_let(*first));
  const auto second = ask("f");
  const auto third = ask("f");
  EXPECT_FALSE(second->let);
  first->pass.worked();
  ASSERT_TRUE(run_until_let(*second));
  EXPECT_EQ(second->let, admission::granted);
  EXPECT_FALSE(third->let);
  second->pass = {};
  ASSERT_TRUE(run_until_let(*third));
}

TEST_F(ConcurrencyLimiter, OtherFunctionsAreNotDelayed) {
  throttle("f");
  const auto holds = ask("f");
  ASSERT_TRUE(run_until_let(*holds));
  const auto waits = ask("f");
  EXPECT_FALSE(waits->let);
  EXPECT_EQ(ask("g")->let, admission::granted);
  waits->cancel.emit(asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until_let(*waits));
}

TEST_F(ConcurrencyLimiter, WaitingEndsWithTheCallsTime) {
  throttle("f");
  const auto holds = ask("f");
  ASSERT_TRUE(run_until_let(*holds));
  const auto waits = ask("f", 30ms);
  ASSERT_TRUE(run_until_let(*waits));
  EXPECT_EQ(waits->let, admission::time_over);
}

TEST_F(ConcurrencyLimiter, CancellingEndsTheWaitAndLetsTheNextOneTry) {
  throttle("f");
  const auto holds = ask("f");
  ASSERT_TRUE(run_until_let(*holds));
  const auto gives_up = ask("f");
  const auto next = ask("f");
  gives_up->cancel.emit(asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until_let(*gives_up));
  EXPECT_EQ(gives_up->let, admission::cancelled);
  holds->pass.worked();
  ASSERT_TRUE(run_until_let(*next));
  EXPECT_EQ(next->let, admission::granted);
}

TEST_F(ConcurrencyLimiter, AllLanesTogetherHaveSoManySeatsAndNoMore) {
  max_waiting = 3;
  std::vector<std::shared_ptr<visitor>> passed;
  std::vector<std::shared_ptr<visitor>> waiting;
  for (const std::string lane : {"f", "g"}) {
    throttle(lane);
    passed.push_back(ask(lane));
    ASSERT_TRUE(run_until_let(*passed.back()));
  }
  waiting.push_back(ask("f"));
  waiting.push_back(ask("g"));
  {
    // A call that sleeps between two attempts has one too.
    const concurrency_limiter::seat asleep(gate());
    EXPECT_TRUE(asleep);
    EXPECT_EQ(gate().waiting(), 3U);
    EXPECT_EQ(ask("f")->let, admission::crowded);
    EXPECT_EQ(ask("g")->let, admission::crowded);
    EXPECT_FALSE(concurrency_limiter::seat(gate()));
    // Who need not wait needs none.
    EXPECT_EQ(ask("h")->let, admission::granted);
  }
  waiting.push_back(ask("f"));
  EXPECT_FALSE(waiting.back()->let);
  for (const auto& one : waiting) {
    one->cancel.emit(asio::cancellation_type::terminal);
    ASSERT_TRUE(run_until_let(*one));
  }
  EXPECT_EQ(gate().waiting(), 0U);
}

TEST_F(ConcurrencyLimiter, FiguresAreThoseOfThrottledLanesUntilTheyAreCalm) {
  now = boot_clock::time_point(1000h);
  const auto free = ask("free");
  std::vector<std::shared_ptr<visitor>> all;
  for (int i = 0; i < 4; ++i) all.push_back(ask("busy"));
  EXPECT_TRUE(gate().figures().empty());
  all[0]->pass.throttled(0ms, {"orders", "eu-central-1"});
  const auto waits = ask("busy");
  ASSERT_EQ(gate().figures().size(), 1U);
  const auto one = gate().figures().front();
  EXPECT_EQ(one.function, "orders");
  EXPECT_EQ(one.region, "eu-central-1");
  EXPECT_EQ(one.at_once, 2);
  EXPECT_EQ(one.under_way, 3U);
  EXPECT_EQ(one.waiting, 1U);
  waits->cancel.emit(asio::cancellation_type::terminal);
  ASSERT_TRUE(run_until_let(*waits));
  for (auto& each : all) each->pass = {};
  EXPECT_EQ(gate().figures().size(), 1U);
  now = *now + 2min;
  EXPECT_TRUE(gate().figures().empty()) << "nothing calls it any more";
}

// Each was throttled once and is never called again, such as those of sessions that are over.
TEST_F(ConcurrencyLimiter, LanesThatNobodyCallsMakeRoomForOthers) {
  now = boot_clock::time_point(1000h);
  for (int i = 0; i < 1001; ++i) throttle("session-" + std::to_string(i));
  EXPECT_GE(gate().size(), 1000U);
  now = *now + 2min;
  throttle("orders");
  EXPECT_EQ(gate().size(), 1U);
  const auto first = ask("orders");
  EXPECT_EQ(ask("orders", 0ms)->let, admission::time_over) << "it is still known as throttled";
  first->pass = {};
}

TEST_F(ConcurrencyLimiter, ThoseWithoutASeatComeBackOneAfterTheOther) {
  now = boot_clock::time_point(1000h);
  // Of a lane that was never throttled.
  EXPECT_EQ(gate().come_back("f"), 1s);
  const auto one = ask("f");
  one->pass.throttled(20s);
  EXPECT_EQ(gate().come_back("f"), 20s);
  EXPECT_EQ(gate().come_back("f"), 20s + 20ms);
  now = *now + 10s;
  EXPECT_EQ(gate().come_back("f"), 10s + 40ms);
  // Never at once: the engine would be asked again and again.
  now = *now + 60s;
  EXPECT_EQ(gate().come_back("f"), 1s);
  // And never later than five minutes, however many there are.
  for (int i = 0; i < 20'000; ++i) {
    const auto wait = gate().come_back("f");
    ASSERT_GE(wait, 1s);
    ASSERT_LE(wait, 5min);
  }
}

}  // namespace
}  // namespace connector::lambda
