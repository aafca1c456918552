// Memory for things that come in piece by piece while others wait for it: large answers. Each holds
// what has arrived of it and asks for more as it grows; what does not fit waits in the order of
// asking. Two rules keep it going:
// - So that things which have come in halfway do not wait for each other, one at a time may grow
// past
//   the limit. (Where only complete things hold the memory, it waits until they are given up.)
// - While something waits, what holds memory and has not grown for a while is told to give up, the
//   largest first: silence keeps nothing else out.
// What was given keeps the room alive. Loop's thread.
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
  // Only as a std::shared_ptr. `patience`: how long something may hold memory that another one
  // wants without asking for more.
  explicit memory_budget(std::size_t limit,
                         std::chrono::milliseconds patience = std::chrono::seconds(5))
      : limit_(limit), patience_(patience) {}
  memory_budget(const memory_budget&) = delete;
  memory_budget& operator=(const memory_budget&) = delete;

  // What one thing holds while it comes in. Given back by its destructor.
  class share {
   public:
    // `give_up` is called at most once, from the loop, when its memory is wanted and it is too
    // slow: the share should soon be destroyed. It must not destroy it at once.
    share(std::shared_ptr<memory_budget> of, std::function<void()> give_up);
    ~share();
    share(const share&) = delete;
    share& operator=(const share&) = delete;

    // Waits until it may hold `bytes` in all. False when the time was over first, it was told to
    // give up, or the wait was cancelled. Must not throw on cancellation
    // (this_coro::throw_if_cancelled(false)).
    boost::asio::awaitable<bool> grow_to(std::size_t bytes, deadline end);
    // Needs no more than that.
    void shrink_to(std::size_t bytes);
    [[nodiscard]] std::size_t bytes() const { return bytes_; }
    [[nodiscard]] bool gave_up() const { return told_; }

    // It is complete: what it holds is held on by what is returned, and it is slow no more.
    memory_permit complete();

   private:
    friend class memory_budget;
    std::shared_ptr<memory_budget> room_;
    std::function<void()> give_up_;
    std::size_t bytes_ = 0;
    std::size_t wants_ = 0;  // more, while it waits
    bool let_in_ = false;
    bool told_ = false;
    boost::asio::steady_timer* turn_ = nullptr;
    boot_clock::time_point grew_at_{};
  };

  [[nodiscard]] std::size_t held() const { return held_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  class place_in_line;

  [[nodiscard]] bool may_grow(const share& who, std::size_t by) const;
  void give(share& to, std::size_t bytes);
  void take_back(std::size_t bytes);
  void let_in();
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
