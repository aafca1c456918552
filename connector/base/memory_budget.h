// A budget of bytes that responses share while they arrive. A share holds the bytes that have
// arrived and asks for more as its response grows. A request that does not fit waits, first come
// first served. Two rules prevent a deadlock:
// - One share at a time may grow past the limit, so that responses which have arrived by half do
//   not wait for each other. (While only complete responses hold memory, it waits for their end.)
// - While a share waits, those that hold memory and have not grown for `patience` are told to give
//   up, the largest first.
// Shares and permits keep the budget alive. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>

#include "connector/base/clock.h"
#include "connector/base/memory_permit.h"

namespace connector {

class memory_budget : public std::enable_shared_from_this<memory_budget> {
 public:
  // Only as a std::shared_ptr. `patience`: how long a share may hold memory without growing while
  // another share waits.
  explicit memory_budget(std::size_t limit,
                         std::chrono::milliseconds patience = std::chrono::seconds(5))
      : limit_(limit), patience_(patience) {}
  memory_budget(const memory_budget&) = delete;
  memory_budget& operator=(const memory_budget&) = delete;

  // The memory of one response while it arrives. The destructor returns it.
  class share {
   public:
    // `give_up` is called at most once, from the loop, when another share waits and this one is
    // too slow. The owner should destroy the share soon, but not within the call.
    share(std::shared_ptr<memory_budget> of, std::function<void()> give_up);
    ~share();
    share(const share&) = delete;
    share& operator=(const share&) = delete;

    // Waits until the share may hold `bytes` in all. False when `end` came first, when the share
    // was told to give up, or when the wait was cancelled. Quiet cancellation (cancellation.h).
    boost::asio::awaitable<bool> grow_to(std::size_t bytes, deadline end);
    // Returns what the share holds above `bytes`.
    void shrink_to(std::size_t bytes);
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool gave_up() const { return told_to_give_up_; }

    // The response is complete: the permit holds the memory from now on, and is never told to give
    // up.
    memory_permit complete();

   private:
    friend class memory_budget;
    std::shared_ptr<memory_budget> budget_;
    std::function<void()> give_up_;
    std::size_t bytes_ = 0;
    std::size_t wants_ = 0;  // more, while it waits
    bool admitted_ = false;
    bool told_to_give_up_ = false;
    boost::asio::steady_timer* turn_ = nullptr;
    boot_clock::time_point grew_at_{};
  };

  [[nodiscard]] std::size_t held() const { return held_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  class queue_place;

  [[nodiscard]] bool may_grow(const share& who, std::size_t by) const;
  void give(share& to, std::size_t bytes);
  void take_back(std::size_t bytes);
  void admit();
  void hurry(boot_clock::time_point now);

  std::size_t limit_;
  std::chrono::milliseconds patience_;
  std::size_t held_ = 0;
  std::size_t growing_ = 0;            // of it by shares
  const share* over_limit_ = nullptr;  // the one that may grow past it
  std::list<share*> all_;
  std::list<share*> waiting_;
};

}  // namespace connector
