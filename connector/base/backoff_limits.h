// What a back-off (backoff.h) is made of: its limits, and a source of random numbers. Plain values.
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

}  // namespace connector
