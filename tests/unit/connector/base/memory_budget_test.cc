#include "connector/base/memory_budget.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>

#include "connector/base/cancellation.h"
#include "tests/unit/connector/base/held_clock.h"

namespace connector {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;
using std::chrono::milliseconds;

class MemoryBudgetTest : public testing::Test {
 protected:
  // Something that comes in.
  struct comer {
    explicit comer(const std::shared_ptr<memory_budget>& room) {
      share.emplace(room, [this] { told = true; });
    }
    void leave() { share.reset(); }

    std::optional<memory_budget::share> share;
    std::optional<bool> got;  // of the last wish; nothing while it waits
    bool told = false;
    asio::cancellation_signal stop;
  };

  void grow(comer& who, std::size_t bytes, deadline end = boot_clock::now() + hours(1)) {
    who.got.reset();
    asio::co_spawn(
        loop_, growing(*who.share, bytes, end),
        asio::bind_cancellation_slot(
            who.stop.slot(), [&who](const std::exception_ptr&, bool got) { who.got = got; }));
    settle();
  }

  void settle() {
    loop_.restart();
    loop_.poll();
  }

  bool run_until(const std::function<bool()>& done) {
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
      if (std::chrono::steady_clock::now() > bound) return false;
      loop_.restart();
      loop_.run_one_for(milliseconds(10));
    }
    return true;
  }

  static asio::awaitable<bool> growing(memory_budget::share& share, std::size_t bytes,
                                       deadline end) {
    co_await quiet_cancellation();
    const bool got = co_await share.grow_to(bytes, end);
    co_return got;
  }

  static bool waits(const comer& who) { return !who.got; }
  static bool in(const comer& who) { return who.got && *who.got; }
  static bool refused(const comer& who) { return who.got && !*who.got; }

  asio::io_context loop_;
  std::shared_ptr<memory_budget> budget_ = std::make_shared<memory_budget>(100, hours(1));
};

TEST_F(MemoryBudgetTest, WhatFitsIsLetInAtOnce) {
  comer first(budget_);
  comer second(budget_);
  grow(first, 60);
  grow(second, 40);
  EXPECT_TRUE(in(first) && in(second));
  EXPECT_EQ(budget_->held(), 100U);
  first.leave();
  EXPECT_EQ(budget_->held(), 40U);
  second.share->shrink_to(10);
  EXPECT_EQ(budget_->held(), 10U);
}

TEST_F(MemoryBudgetTest, BehindCompleteOnesTheRestWaitsInOrder) {
  comer first(budget_);
  comer large(budget_);
  comer small(budget_);
  grow(first, 60);
  memory_permit complete = first.share->complete();
  first.leave();
  EXPECT_EQ(budget_->held(), 60U);
  grow(large, 50);
  grow(small, 10);  // it would fit, but the large one would wait for ever behind such as it
  EXPECT_TRUE(waits(large) && waits(small));
  complete.reset();
  settle();
  EXPECT_TRUE(in(large) && in(small));
  EXPECT_EQ(budget_->held(), 60U);
}

TEST_F(MemoryBudgetTest, AloneAnythingIsLetIn) {
  comer huge(budget_);
  comer next(budget_);
  grow(huge, 1000);
  EXPECT_TRUE(in(huge));
  grow(next, 1);
  EXPECT_TRUE(waits(next));
  huge.leave();
  settle();
  EXPECT_TRUE(in(next));
}

TEST_F(MemoryBudgetTest, HalfwayInTheyDoNotWaitForEachOther) {
  comer one(budget_);
  comer two(budget_);
  comer three(budget_);
  grow(one, 50);
  grow(two, 50);
  // One at a time may grow past the limit, as far as it needs.
  grow(one, 80);
  EXPECT_TRUE(in(one));
  grow(two, 80);
  grow(three, 1);
  EXPECT_TRUE(waits(two) && waits(three));
  grow(one, 300);
  EXPECT_TRUE(in(one));
  one.leave();
  settle();
  EXPECT_TRUE(in(two) && in(three));
}

TEST_F(MemoryBudgetTest, CompleteOnesPastTheLimitLetNoOtherPastIt) {
  comer one(budget_);
  comer two(budget_);
  comer three(budget_);
  grow(one, 50);
  grow(two, 50);
  grow(one, 150);
  memory_permit complete = one.share->complete();
  one.leave();
  grow(three, 10);
  grow(two, 60);
  EXPECT_TRUE(waits(two) && waits(three));
  EXPECT_EQ(budget_->held(), 200U);
  complete.reset();
  settle();
  EXPECT_TRUE(in(two) && in(three));
}

TEST_F(MemoryBudgetTest, TimeOverGetsNothingAndLeavesTheLine) {
  comer first(budget_);
  grow(first, 90);
  const memory_permit complete = first.share->complete();
  comer late(budget_);
  comer small(budget_);
  grow(late, 50, boot_clock::now() - hours(1));
  EXPECT_TRUE(refused(late));
  EXPECT_EQ(budget_->waiting(), 0U);
  grow(small, 10);
  EXPECT_TRUE(in(small));
}

TEST_F(MemoryBudgetTest, OneWhoGivesUpLetsTheNextIn) {
  comer first(budget_);
  grow(first, 90);
  const memory_permit complete = first.share->complete();
  comer large(budget_);
  comer small(budget_);
  grow(large, 50);
  grow(small, 10);
  EXPECT_TRUE(waits(small));
  large.stop.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_TRUE(refused(large));
  EXPECT_TRUE(in(small));
}

TEST_F(MemoryBudgetTest, TheSlowAreToldToGiveUpWhenOthersWantTheirMemory) {
  const held_clock clock(loop_);  // all three are slow at the same moment
  budget_ = std::make_shared<memory_budget>(100, milliseconds(20));
  comer small(budget_);
  comer silent(budget_);
  comer over(budget_);
  grow(small, 10);
  grow(silent, 60);
  grow(over, 200);
  EXPECT_TRUE(in(over));
  comer waiting(budget_);
  grow(waiting, 20);
  held_clock::skip(milliseconds(20));
  ASSERT_TRUE(run_until([&] { return over.told; }));
  EXPECT_TRUE(waits(waiting));
  // The largest was enough, and without someone who waits none of them would have been told.
  EXPECT_FALSE(silent.told || small.told);
  EXPECT_TRUE(over.share->gave_up());
  grow(over, 300);
  EXPECT_TRUE(refused(over));
  over.leave();
  settle();
  EXPECT_TRUE(in(waiting));
  EXPECT_FALSE(silent.told);
}

TEST_F(MemoryBudgetTest, ALoopThatIsDestroyedWithAWaitInItLeavesNothingBehind) {
  auto room = std::make_shared<memory_budget>(100, hours(1));
  memory_permit kept;
  {
    memory_budget::share first(room, [] {});
    memory_budget::share second(room, [] {});
    asio::io_context loop;
    asio::co_spawn(loop, growing(first, 100, boot_clock::now() + hours(1)), asio::detached);
    loop.poll();
    kept = first.complete();
    loop.restart();
    asio::co_spawn(loop, growing(second, 1, boot_clock::now() + hours(1)), asio::detached);
    loop.poll();
    EXPECT_EQ(room->waiting(), 1U);
  }
  EXPECT_EQ(room->waiting(), 0U);
  kept.reset();
  EXPECT_EQ(room->held(), 0U);
}

}  // namespace
}  // namespace connector
