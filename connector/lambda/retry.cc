#include "connector/lambda/retry.h"

#include <algorithm>

#include "connector/base/backoff.h"

namespace connector::lambda {

std::optional<std::chrono::milliseconds> delay_before_next(const error& last, int attempts_done,
                                                           std::chrono::milliseconds left,
                                                           const retry_limits& limits,
                                                           const random_source& random) {
  const bool is_throttled = last.failure == failure_class::throttled;
  if (!is_throttled && last.failure != failure_class::not_started) return std::nullopt;
  // The credentials provider refreshes credentials, and no one waits for a cancelled call.
  if (last.code == error_code::credentials_error || last.code == error_code::cancelled) {
    return std::nullopt;
  }
  if (attempts_done >= limits.attempts || last.retry_after > limits.longest_asked) {
    return std::nullopt;
  }
  const auto& steps = is_throttled ? limits.throttled : limits.not_started;
  const auto delay = std::max(full_jitter(steps, attempts_done - 1, random), last.retry_after);
  if (delay >= left) return std::nullopt;
  return delay;
}

}  // namespace connector::lambda
