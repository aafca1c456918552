#include "connector/base/memory_budget.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

namespace connector {

namespace asio = boost::asio;

// Leaves the line also when the loop is destroyed with the wait in it.
class memory_budget::place_in_line {
 public:
  explicit place_in_line(share& who) : room_(who.room_), who_(who) {
    room_->waiting_.push_back(&who_);
  }
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;
  ~place_in_line() {
    room_->waiting_.remove(&who_);
    who_.turn_ = nullptr;
    who_.wants_ = 0;
    room_->let_in();
  }

 private:
  std::shared_ptr<memory_budget> room_;
  share& who_;
};

memory_budget::share::share(std::shared_ptr<memory_budget> of, std::function<void()> give_up)
    : room_(std::move(of)), give_up_(std::move(give_up)) {
  room_->all_.push_back(this);
}

memory_budget::share::~share() {
  room_->all_.remove(this);
  if (room_->over_limit_ == this) room_->over_limit_ = nullptr;
  room_->growing_ -= bytes_;
  room_->take_back(bytes_);
}

asio::awaitable<bool> memory_budget::share::grow_to(std::size_t bytes, deadline end) {
  if (bytes <= bytes_) co_return true;
  if (told_) co_return false;
  const std::size_t by = bytes - bytes_;
  if ((room_->waiting_.empty() || room_->over_limit_ == this) && room_->may_grow(*this, by)) {
    room_->give(*this, by);
    co_return true;
  }
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer turn(executor);
  turn_ = &turn;
  wants_ = by;
  let_in_ = false;
  {
    const place_in_line here(*this);
    for (;;) {
      const auto now = boot_clock::now();
      room_->hurry(now);
      if (let_in_ || told_ || now >= end) break;
      turn.expires_after(std::min<boot_clock::duration>(end - now, room_->patience_ / 4));
      boost::system::error_code woken;
      co_await turn.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      const auto state = co_await asio::this_coro::cancellation_state;
      if (state.cancelled() != asio::cancellation_type::none) break;
    }
  }
  co_return let_in_;
}

void memory_budget::share::shrink_to(std::size_t bytes) {
  if (bytes >= bytes_) return;
  const std::size_t by = bytes_ - bytes;
  bytes_ = bytes;
  room_->growing_ -= by;
  room_->take_back(by);
}

memory_permit memory_budget::share::complete() {
  const std::size_t bytes = std::exchange(bytes_, 0);
  room_->growing_ -= bytes;
  return {this, [room = room_, bytes](const void*) { room->take_back(bytes); }};
}

bool memory_budget::may_grow(const share& who, std::size_t by) const {
  if (held_ == 0 || over_limit_ == &who) return true;
  if (held_ <= limit_ && by <= limit_ - held_) return true;
  return growing_ > 0 && held_ <= limit_ && over_limit_ == nullptr;
}

void memory_budget::give(share& to, std::size_t bytes) {
  held_ += bytes;
  growing_ += bytes;
  to.bytes_ += bytes;
  to.grew_at_ = boot_clock::now();
  if (held_ > limit_) over_limit_ = &to;
}

void memory_budget::take_back(std::size_t bytes) {
  held_ -= bytes;
  if (held_ <= limit_) over_limit_ = nullptr;
  let_in();
}

void memory_budget::let_in() {
  while (!waiting_.empty()) {
    share& next = *waiting_.front();
    if (!may_grow(next, next.wants_)) return;
    waiting_.pop_front();
    give(next, next.wants_);
    next.let_in_ = true;
    next.turn_->cancel();
  }
}

// Tells the slow to give up until the first in line would fit.
void memory_budget::hurry(boot_clock::time_point now) {
  if (waiting_.empty()) return;
  std::vector<share*> slow;
  std::size_t leaving = 0;
  for (share* one : all_) {
    if (one->told_) leaving += one->bytes_;
    // One that waits is not slow itself.
    if (one->told_ || one->turn_ != nullptr || one->bytes_ == 0) continue;
    if (now - one->grew_at_ >= patience_) slow.push_back(one);
  }
  std::sort(slow.begin(), slow.end(),
            [](const share* a, const share* b) { return a->bytes_ > b->bytes_; });
  for (share* one : slow) {
    const std::size_t left = held_ - leaving;
    if (left < limit_ && waiting_.front()->wants_ <= limit_ - left) return;
    leaving += one->bytes_;
    one->told_ = true;
    one->give_up_();
  }
}

}  // namespace connector
