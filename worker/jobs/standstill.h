// Whether this worker stood still a moment ago: the machine slept, or the process was stopped. What
// it reads afterwards may have been on its way all that time. Pure; the time is passed in.
#pragma once

#include <optional>

#include "worker/jobs/lease.h"

namespace worker::jobs {

class standstill {
 public:
  // A pause of a quarter of a lease of that length counts; a shorter one leaves most of the lease.
  explicit standstill(milliseconds length);

  // The worker runs; to be called several times within a quarter of a lease.
  void tick(boot_clock::time_point now);

  // The greatest age of a message that is read now: the time since the worker stood still, while
  // messages from then may still come (at most 130 s), and else zero.
  [[nodiscard]] milliseconds greatest_age(boot_clock::time_point now) const;

 private:
  [[nodiscard]] bool stands(boot_clock::time_point now) const;
  // One pause may follow another before everything was read.
  [[nodiscard]] boot_clock::time_point began() const;

  milliseconds counts_;
  milliseconds reading_;
  std::optional<boot_clock::time_point> ticked_;
  boot_clock::time_point began_{};
  boot_clock::time_point until_{};
};

}  // namespace worker::jobs
