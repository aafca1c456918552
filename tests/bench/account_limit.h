// The account's limit of calls at once: a call over it is refused, as Lambda does. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <vector>

namespace bench {

class account_limit {
 public:
  // 0: any number.
  explicit account_limit(int most) : most_(static_cast<std::size_t>(most)) {}

  // False: refused.
  bool enter(std::chrono::milliseconds for_so_long) {
    if (most_ == 0) return true;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    while (!ends_.empty() && ends_.top() <= now) ends_.pop();
    if (ends_.size() >= most_) {
      ++refused_;
      return false;
    }
    ends_.push(now + for_so_long);
    return true;
  }
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  using moment = std::chrono::steady_clock::time_point;
  const std::size_t most_;
  std::mutex mutex_;
  std::priority_queue<moment, std::vector<moment>, std::greater<>> ends_;
  std::atomic<std::uint64_t> refused_ = 0;
};

}  // namespace bench
