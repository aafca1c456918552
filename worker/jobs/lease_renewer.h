// Extends the leases of the jobs that wait or run here. One loop checks them twenty times per lease
// and extends the leases that are due, the first to end first. Only this class sends
// UpdateJobTimeout; `active_job::may_be_extended` says for which jobs. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>

#include "connector/base/boot_timer.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/standstill.h"
#include "worker/jobs/task_group.h"

namespace worker::jobs {

struct lease_counters {
  std::uint64_t extended = 0;
  std::uint64_t refused = 0;  // by back-pressure or an absent engine: sent again
  std::uint64_t lost = 0;     // not extended any more; a call under way goes on
  std::uint64_t gone = 0;
  std::uint64_t fenced = 0;  // another activation holds the job: its call is abandoned
};

class lease_renewer {
 public:
  // `length`: of an extended lease. All references must outlive the renewer; `tasks` runs the
  // extensions; `still` is told of each tick. `unsupported` is called once when the gateway has not
  // known the command for an eighth of a lease.
  lease_renewer(boost::asio::any_io_executor loop, engine::gateway& engine, job_registry& jobs,
                task_group& tasks, standstill& still, milliseconds length,
                std::function<void()> unsupported);

  // Runs until stop().
  boost::asio::awaitable<void> run();
  void stop();
  // The worker stops: no extension that begins from now on goes on after `last`.
  void end_by(connector::deadline last) { last_ = last; }

  [[nodiscard]] const lease_counters& count() const { return count_; }

 private:
  void extend_due();
  boost::asio::awaitable<void> extend(active_job_ptr active, unsigned activation);
  // Whether the gateway has not known the command for an eighth of a lease. One such answer may
  // come from another server on the way, and to believe it locks the jobs of a crashed worker for
  // long.
  bool is_missing(boot_clock::time_point now);
  void refused(active_job& active, unsigned activation, const engine::status& status);

  engine::gateway& engine_;
  job_registry& jobs_;
  task_group& tasks_;
  standstill& still_;
  milliseconds length_;
  std::function<void()> unsupported_;
  connector::boot_timer tick_;
  std::size_t extending_ = 0;
  bool supported_ = true;
  std::optional<boot_clock::time_point> unknown_since_;  // the command, without a success after it
  bool stopping_ = false;
  connector::deadline last_ = connector::deadline::max();
  lease_counters count_;
};

}  // namespace worker::jobs
