// Lets the calls of a lane (a function, called by one identity) pass as its concurrency_limit
// allows, in the order in which they came. Every lane has a gate of its own: who waits at one
// delays nobody at another. All that wait, at whichever gate, share a number of seats; a call that
// finds none goes back to where it came from, and is told when its turn will be. Loop's thread;
// must outlive every call that waits or has passed, and every seat.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <string>

#include "connector/base/backoff.h"
#include "connector/lambda/concurrency_limit.h"

namespace connector::lambda {

struct gate_settings {
  flight_bounds bounds;
  std::size_t max_waiting = 0;                  // of all lanes together; 0: no bound
  std::function<boot_clock::time_point()> now;  // must be set
  random_source random;                         // must be set
  // When those who find no seat come back: each lane's one after the other, so that the engine is
  // not asked for all of them at once, and in any case within these.
  std::chrono::milliseconds spacing{20};
  std::chrono::milliseconds soonest{1000};
  std::chrono::milliseconds latest{300'000};
};

class concurrency_limiter {
  struct entry;
  using entries = std::map<std::string, entry, std::less<>>;

 public:
  explicit concurrency_limiter(gate_settings how) : settings_(std::move(how)) {}
  concurrency_limiter(const concurrency_limiter&) = delete;
  concurrency_limiter& operator=(const concurrency_limiter&) = delete;

  enum class verdict { passed, crowded, time_over, cancelled };

  // Given back by its destructor; before that, by one of the two others, with what was learned.
  class pass {
   public:
    pass() = default;
    pass(pass&& other) noexcept;
    pass& operator=(pass&& other) noexcept;
    ~pass();

    void worked();
    void throttled(std::chrono::milliseconds asked);

   private:
    friend class concurrency_limiter;
    concurrency_limiter* gate_ = nullptr;
    entries::iterator at_;
    concurrency_limit::ticket ticket_;
  };

  // The right to wait here. Without one (false) there are too many already.
  class seat {
   public:
    explicit seat(concurrency_limiter& of) : gate_(of.has_seat() ? &of : nullptr) {
      if (gate_ != nullptr) ++gate_->waiting_;
    }
    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;
    ~seat() {
      if (gate_ != nullptr) --gate_->waiting_;
    }
    explicit operator bool() const { return gate_ != nullptr; }

   private:
    concurrency_limiter* gate_;
  };

  // Must not throw on cancellation (this_coro::throw_if_cancelled(false)).
  boost::asio::awaitable<verdict> enter(std::string lane, deadline end, pass& into);

  // For a call that is not going to wait here: how long until its turn.
  std::chrono::milliseconds come_back(std::string_view lane);

  // How many calls of it may be under way now; 0: no limit.
  [[nodiscard]] double limit_of(std::string_view lane) const;
  // Lanes that are called or limited now.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // Calls that wait, of all lanes.
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

 private:
  struct waiter {
    boost::asio::steady_timer timer;
  };
  struct entry {
    concurrency_limit limit;
    std::list<waiter> waiting;
    boot_clock::time_point next_turn{};  // of those who were turned away
  };
  [[nodiscard]] bool has_seat() const {
    return settings_.max_waiting == 0 || waiting_ < settings_.max_waiting;
  }

  void take(entries::iterator at, pass& into);
  void left(entries::iterator at);

  static constexpr std::size_t max_limited = 1000;

  gate_settings settings_;
  entries entries_;  // of lanes that are called, waited for or limited
  std::size_t waiting_ = 0;
};

}  // namespace connector::lambda
