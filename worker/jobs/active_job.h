// One job that is held here, from its arrival to its end: the job, its lease, the capacity it uses
// and the switch that stops its call. Shared by the coroutine that runs it and by the registry
// `job_registry`, which all others look it up in. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>
#include <unordered_map>

#include "connector/base/boot_timer.h"
#include "connector/base/memory_permit.h"
#include "worker/engine/types.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/lease.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::jobs {

struct job_type;

// An activation that came before the one before it was over here.
struct next_activation {
  engine::job job;
  lease ours;
};

struct active_job {
  active_job(boost::asio::any_io_executor loop, engine::job from, const job_type& kind)
      : job(std::move(from)), type(kind), reactivated(std::move(loop)) {}

  engine::job job;
  const job_type& type;
  lease ours;
  unsigned activation = 0;  // counts those of this job that were read while it was here
  unsigned read = 0;        // the one whose variables this run goes by
  bool renewable = true;    // the engine still takes extensions of this activation
  boot_clock::time_point no_extension_before{};
  bool extending = false;

  std::optional<capacity::permit> slot;         // while it runs
  std::optional<capacity::permit> queue_place;  // while it waits for a slot
  std::optional<capacity::permit> bytes;        // what it keeps in memory

  // Secrets put into it, and what is masked in all that is said of it; null: not known yet.
  std::vector<secrets::redaction_registry::handle> secrets;
  std::shared_ptr<const secrets::redactor> masks;

  connector::memory_permit response_memory;  // of a large answer that was not offered yet

  bool started = false;
  bool gone = false;  // the engine has no such job any more: nothing is sent for it
  bool stop = false;  // the worker stops: no further attempt
  boost::asio::cancellation_signal abandon;  // ends the running call

  // Our FailJob is under way: an activation that arrives now is the next one, not this one again.
  bool failing = false;
  std::optional<next_activation> next;

  // Cancelled when the job was activated here once more, or the worker stops: whoever waits with a
  // result looks again.
  connector::boot_timer reactivated;

  [[nodiscard]] bool active(boot_clock::time_point now) const { return !gone && ours.alive(now); }
};

using active_job_ptr = std::shared_ptr<active_job>;

// All jobs held, by key: no key is ever run twice at a time.
using job_registry = std::unordered_map<engine::job_key, active_job_ptr>;

}  // namespace worker::jobs
