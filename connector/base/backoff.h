// How long to wait before the next try: exponential, with full or equal jitter (words of the AWS
// Architecture Blog, "Exponential Backoff and Jitter"). Pure but for the random source.
#pragma once

#include <chrono>

#include "connector/base/backoff_limits.h"

namespace connector {

// The upper end of the delay before try `attempt` (0 is the first repetition):
// first * 2^attempt, at most `most`.
std::chrono::milliseconds backoff_ceiling(const backoff_limits& limits, int attempt);

// Uniform between zero and the ceiling.
std::chrono::milliseconds full_jitter(const backoff_limits& limits, int attempt,
                                      const random_source& random);

// Uniform between half of the ceiling and the whole: for pauses that must not be short.
std::chrono::milliseconds equal_jitter(std::chrono::milliseconds ceiling,
                                       const random_source& random);

}  // namespace connector
