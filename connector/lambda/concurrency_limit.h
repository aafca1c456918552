// How many calls of one function may be under way, by additive increase and multiplicative decrease
// (AIMD). There is no limit until the service throttles the function. Then the limit is half of the
// calls under way, plus one for each round of successes. A limit below one is a pause after each
// call (at a half: as long as the call took); it doubles with successes, since long throttling
// makes it very small. After a throttled answer no call starts for a moment. Pure; the caller
// passes the time.
#pragma once

#include <chrono>
#include <cstdint>

#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"

namespace connector::lambda {

struct concurrency_bounds {
  // How long no call starts after a throttled answer, by how many came in a row.
  backoff_limits rest{std::chrono::milliseconds(100), std::chrono::milliseconds(5000)};
  // The longest pause after a call that worked.
  std::chrono::milliseconds pause{1000};
  // Without a throttled answer for so long, the limit is forgotten.
  std::chrono::milliseconds calm{60'000};
};

class concurrency_limit {
 public:
  [[nodiscard]] bool limited() const { return limit_ > 0; }
  // Calls that may be under way; 0: no limit.
  [[nodiscard]] double limit() const { return limit_; }
  [[nodiscard]] std::size_t under_way() const { return under_way_; }
  [[nodiscard]] bool may_start(boot_clock::time_point now) const;
  // Until then nothing starts.
  [[nodiscard]] boot_clock::time_point resting_until() const { return resting_until_; }

  // A call that started; it is returned with its end.
  struct ticket {
    std::uint64_t round = 0;
    boot_clock::time_point at{};
  };
  ticket started(boot_clock::time_point now);
  void worked(const ticket& which, boot_clock::time_point now, const concurrency_bounds& bounds);
  // `asked`: what the service asked for with Retry-After, or zero; `random` gives [0, 1).
  void throttled(const ticket& which, boot_clock::time_point now, std::chrono::milliseconds asked,
                 const concurrency_bounds& bounds, const random_source& random);
  // Neither: a refusal, a broken connection, an attempt that was given up.
  void ended() { --under_way_; }

 private:
  void rest_until(boot_clock::time_point then);

  double limit_ = 0;
  std::size_t under_way_ = 0;
  // Answers to calls that started before the limit went down say nothing new about it.
  std::uint64_t round_ = 0;
  std::size_t under_way_then_ = 0;   // when the limit last went down
  std::size_t throttled_since_ = 0;  // of the calls that were under way then
  int in_a_row_ = 0;                 // throttled answers
  int worked_ = 0;                   // successes since the last of them
  boot_clock::time_point resting_until_{};
  boot_clock::time_point last_throttled_{};
};

}  // namespace connector::lambda
