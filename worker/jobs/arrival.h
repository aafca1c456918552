// A job as it arrives, its numbers brought within what can be counted with, and the lease it comes
// with. Pure; the clock is passed in.
#pragma once

#include "worker/engine/types.h"
#include "worker/jobs/lease.h"

namespace worker::jobs {

struct job_type;

struct arrival {
  engine::job job;
  const job_type* type = nullptr;
  milliseconds timeout{0};            // length of the activation that was asked for
  boot_clock::time_point asked_at{};  // polled: when the request went out
  bool polled = false;                // then a place was reserved for it
};

// The engine's word is not doubted here, but its numbers are: no retries below zero, and a deadline
// outside of 1970 to 5138 is none (0).
engine::job sane(engine::job from);

// When our activation of it ends, and what it tells of the clocks: its age is the broker's deadline
// against the learned difference, and for a polled job never more than the time since it was asked
// for. A job without a deadline tells nothing, and counts as young.
lease lease_of(const arrival& what, clock_difference& clocks, boot_clock::time_point now);

}  // namespace worker::jobs
