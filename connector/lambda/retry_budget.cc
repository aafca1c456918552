#include "connector/lambda/retry_budget.h"

#include <algorithm>

namespace connector::lambda {

double retry_budget::cost_of(failure_class last) const {
  return last == failure_class::throttled ? limits_.throttled_cost : limits_.not_started_cost;
}

double retry_budget::tokens_of(const bucket& one, boot_clock::time_point now) const {
  const std::chrono::duration<double> passed = now - one.filled_at;
  return std::min(limits_.capacity,
                  one.tokens + std::max(0.0, passed.count()) * limits_.per_second);
}

bool retry_budget::take(const std::string& function, failure_class last,
                        boot_clock::time_point now) {
  auto found = buckets_.find(function);
  if (found == buckets_.end()) {
    if (buckets_.size() >= limits_.functions) drop_full(now);
    const bool crowded = buckets_.size() >= limits_.functions;
    found = buckets_.try_emplace(crowded ? std::string() : function, bucket{limits_.capacity, now})
                .first;
  }
  bucket& one = found->second;
  one.tokens = tokens_of(one, now);
  one.filled_at = now;
  if (one.tokens < cost_of(last)) return false;
  one.tokens -= cost_of(last);
  return true;
}

void retry_budget::worked(const std::string& function, std::optional<failure_class> after,
                          boot_clock::time_point now) {
  const auto found = buckets_.find(function);
  if (found == buckets_.end()) return;
  bucket& one = found->second;
  one.tokens = tokens_of(one, now) + (after ? cost_of(*after) : limits_.for_success);
  one.filled_at = now;
  if (one.tokens >= limits_.capacity) buckets_.erase(found);
}

void retry_budget::drop_full(boot_clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) {
    return tokens_of(entry.second, now) >= limits_.capacity;
  });
}

}  // namespace connector::lambda
