#include "worker/jobs/arrival.h"

#include <algorithm>
#include <optional>

namespace worker::jobs {

namespace {

constexpr milliseconds none{0};
constexpr milliseconds year_5138{100'000'000'000'000};

}  // namespace

engine::job sane(engine::job from) {
  from.retries = std::max(from.retries, 0);
  if (from.deadline < none || from.deadline >= year_5138) from.deadline = none;
  return from;
}

lease lease_of(const arrival& what, clock_difference& clocks, boot_clock::time_point now) {
  const auto oldest =
      what.polled ? std::optional(std::chrono::duration_cast<milliseconds>(now - what.asked_at))
                  : std::nullopt;
  milliseconds age{0};
  if (what.job.deadline != none) {
    const auto activated = what.job.deadline - what.timeout;
    clocks.learn(what.job.partition(), activated, now, oldest);
    age = clocks.age(what.job.partition(), activated, now);
  }
  if (oldest) age = std::min(age, *oldest);
  return {now + (what.timeout - age), what.timeout};
}

}  // namespace worker::jobs
