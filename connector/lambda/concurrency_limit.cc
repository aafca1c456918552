#include "connector/lambda/concurrency_limit.h"

#include <algorithm>

#include "connector/base/backoff.h"

namespace connector::lambda {

namespace {

constexpr double least = 1.0 / 1024;
// A limit below one grows by a tenth with each success: the same as one step in ten of a limit of
// one, at any pace.
constexpr double growth = 1.1;
// After so many successes it doubles.
constexpr int steady = 8;

}  // namespace

void concurrency_limit::rest_until(boot_clock::time_point then) {
  resting_until_ = std::max(resting_until_, then);
}

bool concurrency_limit::may_start(boot_clock::time_point now) const {
  if (!limited()) return true;
  return static_cast<double>(under_way_) + 1 <= std::max(1.0, limit_) && now >= resting_until_;
}

concurrency_limit::ticket concurrency_limit::started(boot_clock::time_point now) {
  ++under_way_;
  return {round_, now};
}

void concurrency_limit::worked(const ticket& which, boot_clock::time_point now,
                               const concurrency_bounds& bounds) {
  // A limit that is not reached is not tested either.
  const bool was_full = static_cast<double>(under_way_) + 1 > limit_;
  --under_way_;
  if (!limited()) return;
  if (now - last_throttled_ >= bounds.calm) {
    limit_ = 0;
    resting_until_ = {};
    return;
  }
  if (which.round != round_) return;
  in_a_row_ = 0;
  ++worked_;
  const double factor = worked_ > steady ? 2 : growth;
  if (was_full) limit_ = limit_ < 1 ? std::min(1.0, limit_ * factor) : limit_ + 1 / limit_;
  if (limit_ < 1) {
    const std::chrono::duration<double, std::nano> took = now - which.at;
    const auto pause = std::chrono::duration_cast<boot_clock::duration>(took * (1 / limit_ - 1));
    rest_until(now + std::min<boot_clock::duration>(pause, bounds.pause));
  }
}

void concurrency_limit::throttled(const ticket& which, boot_clock::time_point now,
                                  std::chrono::milliseconds asked, const concurrency_bounds& bounds,
                                  const random_source& random) {
  last_throttled_ = now;
  worked_ = 0;
  const auto together = static_cast<double>(under_way_);
  --under_way_;
  rest_until(now + asked);
  if (which.round == round_) {
    ++round_;
    under_way_then_ = under_way_ + 1;
    throttled_since_ = 1;
    limit_ = std::max(least, (limited() ? std::min(limit_, together) : together) / 2);
    // Equal jitter, so that workers do not return all at once, and none too soon.
    const auto most = backoff_ceiling(bounds.rest, in_a_row_++);
    rest_until(now + equal_jitter(most, random));
  } else if (which.round + 1 == round_) {
    // Each of the same burst that was refused is one that was too many.
    ++throttled_since_;
    const std::size_t taken = under_way_then_ - std::min(under_way_then_, throttled_since_);
    limit_ = std::min(limit_, std::max(0.5, static_cast<double>(taken)));
  }
}

}  // namespace connector::lambda
