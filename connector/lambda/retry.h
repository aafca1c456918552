// Whether and when another attempt follows a failed one within the same activation. Only a request
// that provably did not run is sent again. Pure; the caller passes the random numbers.
#pragma once

#include <chrono>
#include <optional>

#include "connector/base/backoff_limits.h"
#include "connector/base/error.h"

namespace connector::lambda {

struct retry_limits {
  int attempts = 4;  // in all
  backoff_limits not_started{std::chrono::milliseconds(50), std::chrono::milliseconds(5000)};
  backoff_limits throttled{std::chrono::milliseconds(1000), std::chrono::milliseconds(20'000)};
  // When a service asks for a longer pause, the attempt is not repeated: the job is retried later.
  std::chrono::milliseconds longest_asked{20'000};
};

// How long to wait before the next attempt: full jitter, and not less than the service asked for.
// Nothing when there is to be no other attempt: it may have run, it was refused for good, the
// attempts are used up, or the call's time (`left`) would be over before.
std::optional<std::chrono::milliseconds> delay_before_next(const error& last, int attempts_done,
                                                           std::chrono::milliseconds left,
                                                           const retry_limits& limits,
                                                           const random_source& random);

}  // namespace connector::lambda
