#include "connector/base/byte_room.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

namespace connector {
namespace {

namespace asio = boost::asio;
using std::chrono::hours;

class ByteRoomTest : public testing::Test {
 protected:
  // What one who asks has got; nothing while it waits.
  struct asker {
    std::optional<held_bytes> got;
    asio::cancellation_signal stop;
  };

  void ask(asker& who, std::size_t bytes, deadline end = boot_clock::now() + hours(1)) {
    asio::co_spawn(loop_, taking(room_, bytes, end),
                   asio::bind_cancellation_slot(who.stop.slot(),
                                                [&who](const std::exception_ptr&, held_bytes got) {
                                                  who.got = std::move(got);
                                                }));
    settle();
  }

  void settle() {
    loop_.restart();
    loop_.poll();
  }

  static asio::awaitable<held_bytes> taking(std::shared_ptr<byte_room> room, std::size_t bytes,
                                            deadline end) {
    co_await asio::this_coro::throw_if_cancelled(false);
    held_bytes got = co_await room->take(bytes, end);
    co_return got;
  }

  asio::io_context loop_;
  std::shared_ptr<byte_room> room_ = std::make_shared<byte_room>(100);
};

TEST_F(ByteRoomTest, WhatFitsIsLetInAtOnce) {
  asker first;
  asker second;
  ask(first, 60);
  ask(second, 40);
  ASSERT_TRUE(first.got && second.got);
  EXPECT_EQ(room_->held(), 100U);
  first.got.reset();
  EXPECT_EQ(room_->held(), 40U);
}

TEST_F(ByteRoomTest, TheRestWaitsInOrder) {
  asker first;
  asker large;
  asker small;
  ask(first, 60);
  ask(large, 50);
  ask(small, 10);  // it would fit, but the large one would wait for ever behind such as it
  EXPECT_FALSE(large.got);
  EXPECT_FALSE(small.got);
  first.got.reset();
  settle();
  EXPECT_TRUE(large.got && *large.got);
  EXPECT_TRUE(small.got && *small.got);
  EXPECT_EQ(room_->held(), 60U);
}

TEST_F(ByteRoomTest, AloneAnythingIsLetIn) {
  asker huge;
  asker next;
  ask(huge, 1000);
  ASSERT_TRUE(huge.got && *huge.got);
  ask(next, 1);
  EXPECT_FALSE(next.got);
  huge.got.reset();
  settle();
  EXPECT_TRUE(next.got && *next.got);
}

TEST_F(ByteRoomTest, TimeOverGetsNothingAndLeavesTheLine) {
  asker first;
  asker late;
  asker small;
  ask(first, 90);
  ask(late, 50, boot_clock::now() - hours(1));
  ASSERT_TRUE(late.got);
  EXPECT_EQ(*late.got, nullptr);
  EXPECT_EQ(room_->waiting(), 0U);
  ask(small, 10);
  EXPECT_TRUE(small.got && *small.got);
}

TEST_F(ByteRoomTest, OneWhoGivesUpLetsTheNextIn) {
  asker first;
  asker large;
  asker small;
  ask(first, 90);
  ask(large, 50);
  ask(small, 10);
  EXPECT_FALSE(small.got);
  large.stop.emit(asio::cancellation_type::terminal);
  settle();
  ASSERT_TRUE(large.got);
  EXPECT_EQ(*large.got, nullptr);
  EXPECT_TRUE(small.got && *small.got);
}

TEST_F(ByteRoomTest, ALoopThatIsDestroyedWithAWaitInItLeavesNothingBehind) {
  auto room = std::make_shared<byte_room>(100);
  held_bytes kept;
  {
    asio::io_context loop;
    asio::co_spawn(loop, taking(room, 100, boot_clock::now() + hours(1)),
                   [&](const std::exception_ptr&, held_bytes got) { kept = std::move(got); });
    loop.poll();
    loop.restart();
    asio::co_spawn(loop, taking(room, 1, boot_clock::now() + hours(1)),
                   [](const std::exception_ptr&, const held_bytes&) {});
    loop.poll();
    EXPECT_EQ(room->waiting(), 1U);
  }
  EXPECT_EQ(room->waiting(), 0U);
  kept.reset();
  EXPECT_EQ(room->held(), 0U);
}

}  // namespace
}  // namespace connector
