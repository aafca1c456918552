// Keeps the leases of all held jobs alive: one loop that looks at them many times per lease and
// extends those that are due, oldest first. What it finds out (gone, not renewable) it writes into
// the held job; a job that is gone has its call abandoned. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>

#include "connector/base/boot_timer.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/task_group.h"

namespace worker::jobs {

struct lease_counters {
  std::uint64_t extended = 0;
  std::uint64_t refused = 0;  // by back-pressure or an absent engine: tried again
  std::uint64_t lost = 0;     // over, or in another state: the call goes on
  std::uint64_t gone = 0;
};

class lease_renewer {
 public:
  // `length` is what is asked for. All references must outlive the keeper; `tasks` runs the
  // extensions. `unsupported` is called once when the gateway does not know the command.
  lease_renewer(boost::asio::any_io_executor loop, engine::gateway& engine, job_registry& jobs,
                task_group& tasks, milliseconds length, std::function<void()> unsupported);

  // Runs until stop().
  boost::asio::awaitable<void> run();
  void stop();

  [[nodiscard]] const lease_counters& count() const { return count_; }

 private:
  void extend_due();
  boost::asio::awaitable<void> extend(active_job_ptr active);

  engine::gateway& engine_;
  job_registry& jobs_;
  task_group& tasks_;
  milliseconds length_;
  std::function<void()> unsupported_;
  connector::boot_timer tick_;
  std::size_t extending_ = 0;
  bool supported_ = true;
  bool stopping_ = false;
  lease_counters count_;
};

}  // namespace worker::jobs
