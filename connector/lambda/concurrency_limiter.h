// Admits the calls of a lane (a function, called by one identity) as its concurrency_limit allows,
// first come first served. Lanes do not delay each other. The waiting calls of all lanes share a
// number of seats; a call without a seat is postponed, and told when its turn is. Outlives every
// waiting call, every permit and every seat. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "connector/base/backoff_limits.h"
#include "connector/connector.h"
#include "connector/lambda/concurrency_limit.h"

namespace connector::lambda {

struct limiter_settings {
  concurrency_bounds bounds;
  std::size_t max_waiting = 0;                  // of all lanes together; 0: no bound
  std::function<boot_clock::time_point()> now;  // must be set
  random_source random;                         // must be set
  // When postponed calls return: those of a lane one after the other (`spacing`), so that the
  // engine does not give all of them at once, not before `soonest` and not after `latest`.
  std::chrono::milliseconds spacing{20};
  std::chrono::milliseconds soonest{1000};
  std::chrono::milliseconds latest{300'000};
};

class concurrency_limiter {
  struct entry;
  using entries = std::map<std::string, entry, std::less<>>;

 public:
  explicit concurrency_limiter(limiter_settings how) : settings_(std::move(how)) {}
  concurrency_limiter(const concurrency_limiter&) = delete;
  concurrency_limiter& operator=(const concurrency_limiter&) = delete;

  enum class admission { granted, crowded, time_over, cancelled };

  // The right to make one call. Returned by worked() or throttled(), which change the limit, else
  // by the destructor.
  class permit {
   public:
    permit() = default;
    permit(permit&& other) noexcept;
    permit& operator=(permit&& other) noexcept;
    ~permit();

    void worked();
    // `who`: for figures().
    void throttled(std::chrono::milliseconds asked, throttled_function who = {});

   private:
    friend class concurrency_limiter;
    concurrency_limiter* limiter_ = nullptr;
    entries::iterator at_;
    concurrency_limit::ticket ticket_;
  };

  // The right to wait. False: too many calls wait already.
  class seat {
   public:
    explicit seat(concurrency_limiter& of) : limiter_(of.has_seat() ? &of : nullptr) {
      if (limiter_ != nullptr) ++limiter_->waiting_;
    }
    seat(const seat&) = delete;
    seat& operator=(const seat&) = delete;
    ~seat() {
      if (limiter_ != nullptr) --limiter_->waiting_;
    }
    explicit operator bool() const { return limiter_ != nullptr; }

   private:
    concurrency_limiter* limiter_;
  };

  // Most calls. False: it has to wait, or is crowded out, which enter() finds out.
  bool enter_at_once(const std::string& lane, permit& into);

  // Quiet cancellation (base/cancellation.h).
  boost::asio::awaitable<admission> enter(std::string lane, deadline end, permit& into);

  // For a postponed call: how long until its turn.
  std::chrono::milliseconds come_back(std::string_view lane);

  // Of the lanes that are limited now.
  [[nodiscard]] std::vector<throttled_function> figures() const;
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
    boot_clock::time_point next_turn{};  // of postponed calls
    throttled_function who;
  };
  [[nodiscard]] bool has_seat() const {
    return settings_.max_waiting == 0 || waiting_ < settings_.max_waiting;
  }

  void take(entries::iterator at, permit& into);
  void left(entries::iterator at);
  [[nodiscard]] bool is_calm(const concurrency_limit& limit) const;

  static constexpr std::size_t max_limited = 1000;
  static constexpr std::chrono::seconds sweep_interval{1};

  limiter_settings settings_;
  entries entries_;  // of lanes that are called, waited for or limited
  std::size_t waiting_ = 0;
  boot_clock::time_point swept_{};  // when lanes that are calm were last looked for
};

}  // namespace connector::lambda
