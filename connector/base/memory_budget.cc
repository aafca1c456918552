#include "connector/base/memory_budget.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>
#include <vector>

#include "connector/base/cancellation.h"
#include "connector/base/wait.h"

namespace connector {

namespace asio = boost::asio;

// Leaves the line also when the loop is destroyed with the wait in it.
class memory_budget::queue_place {
 public:
  explicit queue_place(share& who) : budget_(who.budget_), who_(who) {
    budget_->waiting_.push_back(&who_);
  }
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;
  ~queue_place() {
    budget_->waiting_.remove(&who_);
    who_.turn_ = nullptr;
    who_.wants_ = 0;
    budget_->admit();
  }

 private:
  std::shared_ptr<memory_budget> budget_;
  share& who_;
};

memory_budget::share::share(std::shared_ptr<memory_budget> of, std::function<void()> give_up)
    : budget_(std::move(of)), give_up_(std::move(give_up)) {
  budget_->all_.push_back(this);
}

memory_budget::share::~share() {
  budget_->all_.remove(this);
  if (budget_->over_limit_ == this) budget_->over_limit_ = nullptr;
  budget_->growing_ -= bytes_;
  budget_->take_back(bytes_);
}

asio::awaitable<bool> memory_budget::share::grow_to(std::size_t bytes, deadline end) {
  if (bytes <= bytes_) co_return true;
  if (told_to_give_up_) co_return false;
  const std::size_t by = bytes - bytes_;
  if ((budget_->waiting_.empty() || budget_->over_limit_ == this) && budget_->may_grow(*this, by)) {
    budget_->give(*this, by);
    co_return true;
  }
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer turn(executor);
  turn_ = &turn;
  wants_ = by;
  admitted_ = false;
  {
    const queue_place here(*this);
    for (;;) {
      const auto now = boot_clock::now();
      budget_->hurry(now);
      if (admitted_ || told_to_give_up_ || now >= end) break;
      co_await wait_for(turn, std::min<boot_clock::duration>(end - now, budget_->patience_ / 4));
      const auto state = co_await asio::this_coro::cancellation_state;
      if (is_cancelled(state)) break;
    }
  }
  co_return admitted_;
}

void memory_budget::share::shrink_to(std::size_t bytes) {
  if (bytes >= bytes_) return;
  const std::size_t by = bytes_ - bytes;
  bytes_ = bytes;
  budget_->growing_ -= by;
  budget_->take_back(by);
}

memory_permit memory_budget::share::complete() {
  const std::size_t bytes = std::exchange(bytes_, 0);
  budget_->growing_ -= bytes;
  return {this, [budget = budget_, bytes](const void*) { budget->take_back(bytes); }};
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
  admit();
}

void memory_budget::admit() {
  while (!waiting_.empty()) {
    share& next = *waiting_.front();
    if (!may_grow(next, next.wants_)) return;
    waiting_.pop_front();
    give(next, next.wants_);
    next.admitted_ = true;
    next.turn_->cancel();
  }
}

// Tells the slow to give up until the first in line would fit.
void memory_budget::hurry(boot_clock::time_point now) {
  if (waiting_.empty()) return;
  std::vector<share*> slow;
  std::size_t leaving = 0;
  for (share* one : all_) {
    if (one->told_to_give_up_) leaving += one->bytes_;
    // One that waits is not slow itself.
    if (one->told_to_give_up_ || one->turn_ != nullptr || one->bytes_ == 0) continue;
    if (now - one->grew_at_ >= patience_) slow.push_back(one);
  }
  std::sort(slow.begin(), slow.end(),
            [](const share* a, const share* b) { return a->bytes_ > b->bytes_; });
  for (share* one : slow) {
    const std::size_t left = held_ - leaving;
    if (left < limit_ && waiting_.front()->wants_ <= limit_ - left) return;
    leaving += one->bytes_;
    one->told_to_give_up_ = true;
    one->give_up_();
  }
}

}  // namespace connector
