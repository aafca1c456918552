#include "worker/jobs/lease.h"

#include <algorithm>

namespace worker::jobs {

namespace {

constexpr std::chrono::minutes window{5};
// Partitions are few; more than this is somebody's invention.
constexpr std::size_t most_partitions = 4096;

milliseconds since_epoch(boot_clock::time_point now) {
  return std::chrono::duration_cast<milliseconds>(now.time_since_epoch());
}

}  // namespace

milliseconds lease::margin() const {
  return std::clamp<milliseconds>(length / 10, milliseconds(20), milliseconds(2000));
}

void clock_difference::learn(std::int64_t partition, milliseconds activated,
                             boot_clock::time_point now) {
  if (windows_.size() >= most_partitions && !windows_.contains(partition)) return;
  auto& samples = windows_[partition];
  const auto difference = since_epoch(now) - activated;
  while (!samples.empty() && samples.back().difference >= difference) samples.pop_back();
  samples.push_back({now, difference});
  while (samples.front().when + window < now) samples.pop_front();
}

milliseconds clock_difference::age(std::int64_t partition, milliseconds activated,
                                   boot_clock::time_point now) const {
  const auto found = windows_.find(partition);
  if (found == windows_.end() || found->second.empty()) return milliseconds(0);
  return std::max(milliseconds(0), since_epoch(now) - activated - found->second.front().difference);
}

}  // namespace worker::jobs
