#include "worker/jobs/duration_counts.h"

#include <algorithm>

namespace worker::jobs {

void duration_counts::add(std::chrono::milliseconds took) {
  const double value = std::chrono::duration<double>(took).count();
  ++count;
  seconds += value;
  const auto at = std::lower_bound(duration_bounds.begin(), duration_bounds.end(), value);
  if (at != duration_bounds.end()) {
    ++up_to.at(static_cast<std::size_t>(at - duration_bounds.begin()));
  }
}

}  // namespace worker::jobs
