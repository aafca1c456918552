// Lets calls of a function pass as its flight_limit allows, in the order in which they came. Every
// function has a gate of its own: who waits at one delays nobody at another. Loop's thread; must
// outlive every call that waits or has passed.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <string>

#include "connector/base/backoff.h"
#include "connector/lambda/flight_limit.h"

namespace connector::lambda {

struct gate_settings {
  flight_bounds bounds;
  // Of one function at its gate; whoever comes then is turned away, to be tried later. 0: no bound.
  std::size_t most_waiting = 0;
  std::function<boot_clock::time_point()> now;  // must be set
  random_source random;                         // must be set
};

class flight_gate {
  struct entry;
  using entries = std::map<std::string, entry, std::less<>>;

 public:
  explicit flight_gate(gate_settings how) : settings_(std::move(how)) {}
  flight_gate(const flight_gate&) = delete;
  flight_gate& operator=(const flight_gate&) = delete;

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
    friend class flight_gate;
    flight_gate* gate_ = nullptr;
    entries::iterator at_;
    flight_limit::ticket ticket_;
  };

  // Must not throw on cancellation (this_coro::throw_if_cancelled(false)).
  boost::asio::awaitable<verdict> enter(std::string function, deadline end, pass& into);

  // How many calls of it may be under way now; 0: no limit.
  [[nodiscard]] double limit_of(std::string_view function) const;
  // Functions that are called or limited now.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct waiter {
    boost::asio::steady_timer timer;
  };
  struct entry {
    flight_limit limit;
    std::list<waiter> waiting;
  };

  void take(entries::iterator at, pass& into);
  void left(entries::iterator at);

  static constexpr std::size_t most_limited = 1000;

  gate_settings settings_;
  entries entries_;  // of functions that are called, waited for or limited
};

}  // namespace connector::lambda
