#include "worker/jobs/arrival.h"

#include <algorithm>
#include <optional>

namespace worker::jobs {

namespace {

constexpr milliseconds no_deadline{0};
constexpr milliseconds year_5138{100'000'000'000'000};

}  // namespace

engine::job with_bounded_numbers(engine::job job) {
  job.retries = std::max(job.retries, 0);
  if (job.deadline < no_deadline || job.deadline >= year_5138) job.deadline = no_deadline;
  return job;
}

lease lease_of(const arrival& arrived, clock_difference& clocks, boot_clock::time_point now,
               milliseconds greatest_age) {
  const auto oldest =
      arrived.polled
          ? std::optional(std::chrono::duration_cast<milliseconds>(now - arrived.asked_at))
          : std::nullopt;
  const bool waited_too_long = oldest && *oldest > arrived.longest_poll;
  auto age = waited_too_long ? *oldest : greatest_age;
  if (arrived.job.deadline != no_deadline) {
    const auto partition = arrived.job.partition();
    const auto activated = arrived.job.deadline - arrived.timeout;
    const bool comparable = clocks.knows(partition) || age == milliseconds(0);
    if (comparable || (oldest && !waited_too_long)) {
      clocks.learn(partition, activated, now, oldest);
    }
    if (comparable) age = clocks.age(partition, activated, now);
  }
  if (oldest) age = std::min(age, *oldest);
  return {now + (arrived.timeout - age), arrived.timeout};
}

}  // namespace worker::jobs
