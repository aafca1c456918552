// The calls of one function under the operator's bounds: how many are under way, when the next may
// begin, and when those that found no room return. Pure; the caller passes the time and the bounds,
// which may change between two calls.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "connector/call_limits.h"

namespace connector::lambda {

class call_pace {
 public:
  [[nodiscard]] std::size_t under_way() const { return under_way_; }
  [[nodiscard]] bool may_begin(boot_clock::time_point now, const call_bounds& bounds) const;
  // When `per_second` lets the next one begin; nothing: at any time.
  [[nodiscard]] std::optional<boot_clock::time_point> next_at(const call_bounds& bounds) const;
  // Nothing is under way, and nothing that began would delay another one.
  [[nodiscard]] bool idle(boot_clock::time_point now, const call_bounds& bounds) const;

  void began(boot_clock::time_point now, const call_bounds& bounds);
  void ended(boot_clock::duration took);
  // A call that is under way is counted here from now on, or no more.
  void joined() { ++under_way_; }
  void left() { --under_way_; }

  // How long a call that found no room stays away. Turns follow each other as fast as the bounds
  // let calls begin, so that neither the engine nor this worker sees all of them at once.
  std::chrono::milliseconds come_back(boot_clock::time_point now, const call_bounds& bounds,
                                      const random_source& random);

 private:
  [[nodiscard]] boot_clock::duration spacing(const call_bounds& bounds) const;

  std::size_t under_way_ = 0;
  std::optional<boot_clock::time_point> last_;  // when the last one began, by its plan
  std::optional<boot_clock::duration> mean_;    // of the calls' times; new ones weigh a fifth
  std::optional<boot_clock::time_point> turn_;  // of the next call that stays away
  call_bounds turn_bounds_;                     // that the turns were given by
};

}  // namespace connector::lambda
