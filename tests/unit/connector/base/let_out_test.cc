#include "connector/base/let_out.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

namespace connector {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> fails_later(asio::io_context& loop) {
  co_await asio::post(loop, asio::use_awaitable);
  throw std::runtime_error("a bug");
}

TEST(LetOut, WhatACoroutineThrowsLeavesTheLoop) {
  asio::io_context loop(1);
  asio::co_spawn(loop, fails_later(loop), let_out);
  EXPECT_THROW(loop.run(), std::runtime_error);
  loop.restart();
  asio::cancellation_signal stop;
  asio::co_spawn(loop, fails_later(loop), asio::bind_cancellation_slot(stop.slot(), let_out));
  EXPECT_THROW(loop.run(), std::runtime_error);
}

}  // namespace
}  // namespace connector
