// A job as it arrives: its numbers brought within bounds, and the lease that its activation gives.
// Pure; the time is passed in.
#pragma once

#include "worker/engine/types.h"
#include "worker/jobs/lease.h"

namespace worker::jobs {

struct job_type;

struct arrival {
  engine::job job;
  const job_type* type = nullptr;
  milliseconds timeout{0};            // length of the activation that was asked for
  boot_clock::time_point asked_at{};  // polled: when the request was sent
  bool polled = false;                // a queue place was reserved for it
  bool pausable = false;              // pushed: its stream is paused when the queue is full
  milliseconds longest_poll{20'000};  // polled: only a worker that stands still polls for longer
};

// The job with numbers that can be calculated with: no retries below zero, and no deadline (0)
// instead of one outside of the years 1970 to 5138. Its texts are unchanged.
engine::job with_bounded_numbers(engine::job job);

// The lease of an arrival. Its age is the broker's deadline against the learned difference of the
// clocks; the age of a polled job is at most the time since the poll began. The first job of a
// partition, and one without a deadline, count as new. But where the worker stood still meanwhile
// they count as old as they can be: after a poll that took longer than polls do, or with
// `greatest_age` (standstill.h) above zero. One that may be older than a poll teaches nothing.
lease lease_of(const arrival& arrived, clock_difference& clocks, boot_clock::time_point now,
               milliseconds greatest_age = milliseconds(0));

}  // namespace worker::jobs
