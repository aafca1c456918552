#include "worker/jobs/lease.h"

#include <algorithm>

namespace worker::jobs {

namespace {

constexpr std::chrono::minutes window{5};
// After a pause longer than the window, all first arrivals may be late. The old sample counts until
// a newer one has this age.
constexpr std::chrono::minutes proven{1};
// A cluster has few partitions. A gateway that names more than this is not believed.
constexpr std::size_t max_partitions = 4096;

// Greater ages count as this one, so that the sum of an age and a time point does not overflow.
constexpr std::chrono::hours oldest_age{24 * 366};

milliseconds since_epoch(boot_clock::time_point now) {
  return std::chrono::duration_cast<milliseconds>(now.time_since_epoch());
}

}  // namespace

milliseconds lease::margin() const {
  return std::clamp<milliseconds>(length / 10, milliseconds(20), milliseconds(2000));
}

void clock_difference::learn(std::int64_t partition, milliseconds activated,
                             boot_clock::time_point now, std::optional<milliseconds> oldest) {
  if (windows_.size() >= max_partitions && !windows_.contains(partition)) return;
  auto& samples = windows_[partition];
  const auto difference = since_epoch(now) - activated;
  // A sample with a smaller difference than this arrival allows belongs to another clock: the
  // broker's clock was set, or the partition has another leader.
  while (oldest && !samples.empty() && samples.front().difference < difference - *oldest) {
    samples.pop_front();
  }
  auto since = now;
  while (!samples.empty() && samples.back().difference >= difference) {
    since = samples.back().since;
    samples.pop_back();
  }
  samples.push_back({now, since, difference});
  while (samples.size() > 1 && samples.front().when + window < now &&
         samples[1].since + proven <= now) {
    samples.pop_front();
  }
}

milliseconds clock_difference::age(std::int64_t partition, milliseconds activated,
                                   boot_clock::time_point now) const {
  const auto found = windows_.find(partition);
  if (found == windows_.end() || found->second.empty()) return milliseconds(0);
  return std::clamp<milliseconds>(since_epoch(now) - activated - found->second.front().difference,
                                  milliseconds(0), oldest_age);
}

}  // namespace worker::jobs
