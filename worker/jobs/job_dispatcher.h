// Decides what happens to a job that arrives, pushed or polled: it runs in a free slot, waits in
// the queue, or is set aside and released. The dispatcher also knows every key that is here, so
// that no job runs twice at a time. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "connector/base/backoff_limits.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/arrival.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/end_history.h"
#include "worker/jobs/job_end.h"
#include "worker/jobs/job_executor.h"
#include "worker/jobs/job_queue.h"
#include "worker/jobs/job_size.h"
#include "worker/jobs/job_times.h"
#include "worker/jobs/job_type.h"
#include "worker/jobs/recently_finished_jobs.h"
#include "worker/jobs/standstill.h"
#include "worker/jobs/task_group.h"

namespace worker::jobs {

class job_dispatcher {
 public:
  // All of them must outlive the dispatcher.
  struct dependencies {
    capacity& shared_capacity;
    job_registry& jobs;
    task_group& tasks;
    job_executor& executor;
    job_outcome_counters& outcomes;
    end_history& history;
    connector::random_source random;
    job_times& times;
    const standstill& still;
    bool log_successes = true;  // whether completed jobs get a line in the log
  };

  // `queue_full` is called when a job type has no queue place left, or the byte budget is used up;
  // `set_aside` says that a job found no place and waits for the streams to be closed.
  using on_queue_full = std::function<void(const job_type&, bool set_aside)>;
  job_dispatcher(boost::asio::any_io_executor loop, dependencies deps, std::size_t types,
                 on_queue_full queue_full);

  void arrive(arrival arrived);

  // Releases a job beyond the number that a poll asked for, for which there is no queue place.
  void release_unrequested(arrival arrived);

  // Starts queued jobs as long as there are slots.
  void dispatch();

  // From now on no job starts.
  void stop() { stopping_ = true; }

  // Releases the jobs that did not start. Polls and streams must be closed before: the engine would
  // send the jobs here again.
  void release_queued();

  // Releases the jobs that were set aside. The stream that brought them must be closed before.
  void release_set_aside();

  // Whether jobs go back to the engine soon. When the worker stops, every job may: one in the
  // queue, one that waits for its turn to call, and one whose request is not sent in time.
  [[nodiscard]] bool anything_to_release() const {
    return !set_aside_.empty() || (stopping_ && !deps_.jobs.empty());
  }

  // Whether further jobs may be set aside.
  [[nodiscard]] bool may_set_aside() const;

  // Whether a pushed job of that type finds a place.
  [[nodiscard]] bool has_place(const job_type& type) const {
    return deps_.shared_capacity.free_queue_places(type.type_index) > 0 &&
           !deps_.shared_capacity.over_budget();
  }
  [[nodiscard]] bool queue_empty() const { return queue_.empty(); }
  [[nodiscard]] std::size_t queued() const { return queue_.size(); }
  [[nodiscard]] std::size_t queued(const job_type& type) const {
    return queue_.size(type.type_index);
  }
  // Jobs that ended per second in the last moments. A poll asks ahead by it.
  [[nodiscard]] double ends_per_second() const;
  [[nodiscard]] const job_size& size_of(const job_type& type) const {
    return sizes_.at(type.type_index);
  }
  // Jobs of types that require a lease token, which came without one and were released.
  [[nodiscard]] std::uint64_t without_lease_token() const { return without_lease_token_; }

 private:
  // The job when it is here already: queued, running or being released.
  [[nodiscard]] active_job_ptr find_active(engine::job_key key) const;
  void merge_activation(active_job& active, arrival arrived, const lease& granted);
  struct origin {
    bool polled = false;
    bool pausable = false;
  };
  void place(active_job_ptr active, std::optional<capacity::permit> queue_place, origin from);
  void set_aside(active_job_ptr active);
  void run(active_job_ptr active, std::optional<capacity::permit> slot);
  void release(active_job_ptr active, std::string_view reason, milliseconds back_off = {});
  // The engine's partition is older than 8.10, or not upgraded yet.
  void release_without_lease_token(arrival arrived, const lease& granted);
  void release_more();
  void end(const active_job_ptr& active, job_end how);
  void start_next(active_job& before, job_end how);
  boost::asio::awaitable<void> run_to_end(active_job_ptr active);
  // A job to release.
  struct release_order {
    active_job_ptr active;
    std::string reason;
    milliseconds back_off{0};
  };
  boost::asio::awaitable<void> release_to_end(release_order order);

  boost::asio::any_io_executor loop_;
  dependencies deps_;
  on_queue_full queue_full_;
  clock_difference clocks_;
  recently_finished_jobs finished_;
  job_queue queue_;
  std::vector<job_size> sizes_;  // by type index
  std::deque<active_job_ptr> set_aside_;
  job_registry unstarted_;  // jobs that are set aside or being released, by key
  // Few are released at a time: a burst of commands costs megabytes.
  std::deque<release_order> to_release_;
  std::size_t releasing_ = 0;
  std::uint64_t without_lease_token_ = 0;
  boot_clock::time_point last_token_warning_{};
  bool stopping_ = false;
  double end_rate_ = 0;
  boot_clock::time_point end_rate_at_{};
};

}  // namespace worker::jobs
