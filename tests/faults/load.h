// Load for rows: jobs made at a steady rate while something else happens, and what must be true of
// all of them afterwards. The test's thread only; the test environment must outlive a flow.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "tests/journey/test_environment.h"

namespace faults {

using journey::milliseconds;

class flow {
 public:
  flow(journey::test_environment& env, journey::job_spec spec, int per_second)
      : env_(env), spec_(std::move(spec)), per_second_(per_second) {}

  // Goes on making jobs for so long.
  void pass(milliseconds time);
  // The same until the predicate holds; false when that took longer than journey::patience.
  bool pass_until(const std::function<bool()>& done);

  [[nodiscard]] const std::vector<std::int64_t>& keys() const { return keys_; }

 private:
  using clock = std::chrono::steady_clock;
  void make_due(clock::time_point since, std::size_t before);

  journey::test_environment& env_;
  journey::job_spec spec_;
  int per_second_;
  std::vector<std::int64_t> keys_;
};

// Waits for the end of every job: each was completed, once, and its function ran once.
void each_ran_once(journey::test_environment& env, const std::vector<std::int64_t>& keys,
                   milliseconds limit = journey::patience);

}  // namespace faults
