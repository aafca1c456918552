// boot_clock in a test's hand: it stands still, and timers with it, until the test lets time pass.
// The loop must outlive it; one at a time; only while no other thread runs. Test's thread.
#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstddef>

#include "connector/base/boot_timer.h"

namespace connector {

class held_clock {
 public:
  explicit held_clock(boost::asio::io_context& loop) : loop_(loop) {
    time() = boot_clock::time_point(std::chrono::hours(1000));
    boot_clock::source = &read;
  }
  ~held_clock() { boot_clock::source = &boot_clock::machine_time; }
  held_clock(const held_clock&) = delete;
  held_clock& operator=(const held_clock&) = delete;

  // Runs the loop until nothing is ready at this moment.
  void run() {
    while (run_what_is_due() > 0) {
    }
  }

  // Lets time pass in steps, and runs the loop after each: a timer ends at the step after its time.
  void pass(boot_clock::duration by, boot_clock::duration step = std::chrono::milliseconds(1)) {
    run();
    const auto end = time() + by;
    while (time() < end) {
      time() = std::min(end, time() + step);
      run();
    }
  }

  // Time goes by while the loop is busy elsewhere, or the machine sleeps: nothing runs.
  static void skip(boot_clock::duration by) { time() += by; }

 private:
  static boot_clock::time_point& time() {
    static boot_clock::time_point held;
    return held;
  }
  static boot_clock::time_point read() { return time(); }

  // Asio looks for timers that are due when the earliest one's wait, counted by the machine, is
  // over. One that was due an hour ago makes it look now. Returns how many handlers ran beside it.
  std::size_t run_what_is_due() {
    bool looked = false;
    boot_timer look(loop_, time() - std::chrono::hours(1));
    look.async_wait([&looked](boost::system::error_code) { looked = true; });
    loop_.restart();
    std::size_t ran = 0;
    while (!looked) ran += loop_.run_one();
    ran += loop_.poll();
    return ran - 1;
  }

  boost::asio::io_context& loop_;
};

}  // namespace connector
