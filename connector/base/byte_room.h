// Memory for things that come in while others wait for it: large answers. What fits is let in at
// once, the rest in the order of asking; alone, a thing is let in whatever its size, so that
// nothing waits for ever. What was given keeps the room alive. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <list>
#include <memory>

#include "connector/base/clock.h"
#include "connector/base/held_bytes.h"

namespace connector {

class byte_room : public std::enable_shared_from_this<byte_room> {
 public:
  // Only as a std::shared_ptr.
  explicit byte_room(std::size_t limit) : limit_(limit) {}
  byte_room(const byte_room&) = delete;
  byte_room& operator=(const byte_room&) = delete;

  // Null when the time was over first, or the wait was cancelled. Must not throw on cancellation
  // (this_coro::throw_if_cancelled(false)).
  boost::asio::awaitable<held_bytes> take(std::size_t bytes, deadline end);

  [[nodiscard]] std::size_t held() const { return held_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  struct waiter {
    std::size_t bytes;
    boost::asio::steady_timer turn;
    held_bytes given;
  };
  class place_in_line;

  [[nodiscard]] bool fits(std::size_t bytes) const {
    return held_ == 0 || (held_ < limit_ && bytes <= limit_ - held_);
  }
  held_bytes give(std::size_t bytes);
  void let_in();

  std::size_t limit_;
  std::size_t held_ = 0;
  std::list<waiter*> waiting_;
};

}  // namespace connector
