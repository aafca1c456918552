// The coroutines that wait for one event, each with a time limit and a cancellation of its own.
// Outlives every wait. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <list>

#include "connector/base/boot_timer.h"
#include "connector/base/wait.h"

namespace connector {

class waiters {
 public:
  // Returns at wake(), after `time`, or when the coroutine is cancelled. The caller looks at what
  // it waited for.
  boost::asio::awaitable<void> wait(boost::asio::any_io_executor loop, boot_clock::duration time) {
    boot_timer timer(loop);
    timer.expires_after(time);
    const place mine(all_, timer);
    co_await connector::wait(timer);
  }

  void wake() {
    for (auto* each : all_) each->cancel();
  }

 private:
  using timers = std::list<boot_timer*>;

  // In the list for as long as this lives.
  class place {
   public:
    place(timers& all, boot_timer& mine) : all_(all), at_(all.insert(all.end(), &mine)) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() { all_.erase(at_); }

   private:
    timers& all_;
    timers::iterator at_;
  };

  timers all_;
};

}  // namespace connector
