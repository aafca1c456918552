// When credentials are renewed, and what a caller gets meanwhile, as functions of time and chance.
// By the time since the boot: a jump of the wall clock makes keys neither older nor younger.
// Pure; any thread.
#pragma once

#include <chrono>
#include <optional>

#include "connector/base/clock.h"

namespace connector::aws {

struct refresh_limits {
  // Renewed so long before they expire, but never before three quarters of their life are over:
  // the shortest sessions live 15 minutes and would otherwise be renewed at every use.
  std::chrono::seconds ahead{std::chrono::minutes(15)};
  // Keys so near to their end may be refused by the time the request arrives (at most a tenth of
  // their life).
  std::chrono::seconds margin{10};
  // The pause after a failed fetch, doubled with every failure in a row.
  std::chrono::milliseconds first_pause{1000};
  std::chrono::milliseconds max_pause{30'000};
  // Keys that a service calls expired are fetched again, but not more often than this.
  std::chrono::milliseconds between_forced{5000};
};

struct refresh_plan {
  boot_clock::time_point renew_from;  // from here on one fetch runs, and callers use the old keys
  boot_clock::time_point use_until;   // from here on callers wait for the fetch
};

enum class refresh_step {
  use,            // what is there is good
  use_and_renew,  // it is good for now, and it is time to fetch the next
  wait,           // it is not good any more
};

// `chance` in [0, 1) spreads the renewals of many workers over a fifth of the time ahead. Keys
// without `expires` are good until something else says that they are not.
refresh_plan plan_refresh(std::optional<boot_clock::time_point> expires, boot_clock::time_point now,
                          double chance, const refresh_limits& limits = {});

refresh_step step_at(const refresh_plan& plan, boot_clock::time_point now);

// The pause after `failures` (1, 2, ...) in a row: equal jitter, from half of the doubled time to
// all of it.
std::chrono::milliseconds pause_after(int failures, double chance,
                                      const refresh_limits& limits = {});

}  // namespace connector::aws
