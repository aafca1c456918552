// The marker of atMostOnce: a variable of the task that says "this job's call may have started". It
// is written before the call, and a later activation that finds it does not call again. The
// references must outlive the coroutine. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "connector/base/backoff_limits.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

// With neither member set: the marker is written, and the lease is alive with margin.
struct marker_result {
  std::optional<job_end> ended;           // the job has ended: nothing is sent for it
  std::optional<engine::status> refused;  // the engine did not take the marker
};

// Tries for ten seconds while the engine is busy. Ends early when the worker stops.
boost::asio::awaitable<marker_result> write_at_most_once_marker(engine::gateway& engine,
                                                                active_job_ptr active,
                                                                connector::random_source random);

// The engine may take the marker a moment later.
bool marker_may_be_taken_later(const engine::status& status);

// A release that removes the marker: the call did not start.
fail_command release_and_remove_marker(int retries, std::string_view reason);

}  // namespace worker::jobs
