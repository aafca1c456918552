// A token bucket of further attempts for each function, so that a function that always fails is
// called once for each job, not four times. First attempts are free. The caller passes the time.
// One thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "connector/base/clock.h"
#include "connector/base/error.h"

namespace connector::lambda {

// The figures of the SDKs' standard mode, but for two: a throttled attempt costs less (5 there),
// because the concurrency limit slows them already, and tokens return with time, since a worker
// lives long.
struct budget_limits {
  double capacity = 500;
  double not_started_cost = 14;
  double throttled_cost = 1;
  double for_success = 1;
  double per_second = 1;
  std::size_t functions = 1000;  // those beyond share one bucket
};

class retry_budget {
 public:
  explicit retry_budget(budget_limits limits = {}) : limits_(limits) {}

  // Takes the cost of another attempt after such a failure. False: the budget is too small.
  bool take(const std::string& function, failure_class last, boot_clock::time_point now);

  // An attempt worked. `after`: the failure that it followed, whose cost is returned; or nothing.
  void worked(const std::string& function, std::optional<failure_class> after,
              boot_clock::time_point now);

  // Functions with a bucket that is not full.
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct bucket {
    double tokens = 0;
    boot_clock::time_point filled_at{};
  };

  [[nodiscard]] double cost_of(failure_class last) const;
  [[nodiscard]] double tokens_of(const bucket& one, boot_clock::time_point now) const;
  void drop_full(boot_clock::time_point now);

  budget_limits limits_;
  std::unordered_map<std::string, bucket> buckets_;  // full ones are not kept
};

}  // namespace connector::lambda
