// The two clocks of the program. Durations (leases, deadlines, ages) are measured on boot_clock,
// which goes on while the machine sleeps; wall time is for dates that others read. Any thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>

namespace connector {

struct boot_clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<boot_clock>;
  static constexpr bool is_steady = true;

  static time_point now() { return source.load(std::memory_order_relaxed)(); }

  static time_point machine_time() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return time_point(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
  }

  // Where now() reads the time. The program never changes it; a test that would wait for minutes
  // puts a clock here that it moves itself (tests/unit/connector/base/held_clock.h).
  static inline std::atomic<time_point (*)()> source{&machine_time};
};

using wall_clock = std::chrono::system_clock;

// A point in time by which something must have ended, on boot_clock.
using deadline = boot_clock::time_point;

// The time left until `end`; never negative.
inline boot_clock::duration left_until(deadline end, boot_clock::time_point now) {
  return end > now ? end - now : boot_clock::duration::zero();
}

// `limit`, or less where it would reach beyond `end`; at least a millisecond.
inline std::chrono::milliseconds limit_until(deadline end, std::chrono::milliseconds limit,
                                             boot_clock::time_point now) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::duration_cast<milliseconds>(left_until(end, now));
  return std::max(milliseconds(1), std::min(limit, left));
}

}  // namespace connector
