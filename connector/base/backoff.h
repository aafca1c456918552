// How long to wait before the next try: exponential with full jitter. Pure.
#pragma once

#include <chrono>
#include <functional>

namespace connector {

// Gives numbers in [0, 1); injected, so that tests know the delay.
using random_source = std::function<double()>;

// A generator seeded from the system, for the program itself. One thread.
random_source system_random();

struct backoff_limits {
  std::chrono::milliseconds first{50};
  std::chrono::milliseconds most{5000};
};

// The upper end of the delay before try `attempt` (0 is the first repetition):
// first * 2^attempt, at most `most`.
std::chrono::milliseconds backoff_ceiling(const backoff_limits& limits, int attempt);

// Uniform between zero and the ceiling.
std::chrono::milliseconds full_jitter(const backoff_limits& limits, int attempt,
                                      const random_source& random);

}  // namespace connector
