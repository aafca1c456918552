#include "connector/base/byte_room.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace connector {

namespace asio = boost::asio;

// Leaves the line also when the loop is destroyed with the wait in it.
class byte_room::place_in_line {
 public:
  place_in_line(byte_room& of, waiter& who) : room_(of), who_(who) {
    room_.waiting_.push_back(&who_);
  }
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;
  ~place_in_line() {
    room_.waiting_.remove(&who_);
    room_.let_in();
  }

 private:
  byte_room& room_;
  waiter& who_;
};

asio::awaitable<held_bytes> byte_room::take(std::size_t bytes, deadline end) {
  if (waiting_.empty() && fits(bytes)) co_return give(bytes);
  const auto self = shared_from_this();
  const auto executor = co_await asio::this_coro::executor;
  waiter mine{bytes, asio::steady_timer(executor), nullptr};
  const auto left = std::max(end - boot_clock::now(), boot_clock::duration::zero());
  mine.turn.expires_after(left);
  {
    const place_in_line here(*this, mine);
    boost::system::error_code ignored;
    co_await mine.turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return std::move(mine.given);
}

held_bytes byte_room::give(std::size_t bytes) {
  held_ += bytes;
  return {this, [room = shared_from_this(), bytes](const void*) {
            room->held_ -= bytes;
            room->let_in();
          }};
}

void byte_room::let_in() {
  while (!waiting_.empty() && fits(waiting_.front()->bytes)) {
    waiter& next = *waiting_.front();
    waiting_.pop_front();
    next.given = give(next.bytes);
    next.turn.cancel();
  }
}

}  // namespace connector
