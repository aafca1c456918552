// Where jobs arrive, pushed or polled: a free slot runs them at once, a place of the waiting room
// holds them, and what does not fit is handed back. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "worker/jobs/active_job.h"
#include "worker/jobs/arrival.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/job_end.h"
#include "worker/jobs/job_executor.h"
#include "worker/jobs/job_queue.h"
#include "worker/jobs/job_size.h"
#include "worker/jobs/job_type.h"
#include "worker/jobs/recently_finished_jobs.h"
#include "worker/jobs/task_group.h"

namespace worker::jobs {

class job_dispatcher {
 public:
  // All references must outlive the intake. `queue_full` is called when a job type
  // has no place left.
  job_dispatcher(boost::asio::any_io_executor loop, capacity& shared, job_registry& jobs,
                 task_group& tasks, job_executor& executor, job_outcome_counters& outcomes,
                 std::size_t types, std::function<void(const job_type&)> queue_full);

  void arrive(arrival what);

  // One that nobody asked for and that has no place: given back at once.
  void release_unrequested(arrival what);

  // Runs waiting jobs while there are slots. Called by itself when something comes free.
  void dispatch();

  // From now on nothing is started any more.
  void stop() { stopping_ = true; }

  // Gives back what was not started. Not before polls and streams are closed: the engine would push
  // it here again.
  void release_waiting();

  // Jobs that fit nowhere: kept until the stream that brought them is known to be closed.
  void release_overflow();

  [[nodiscard]] bool anything_to_release() const {
    return !overflow_.empty() || (stopping_ && !waiting_.empty());
  }

  // Whether more of them may be kept.
  [[nodiscard]] bool may_overflow() const;

  [[nodiscard]] bool queue_empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] std::size_t waiting(const job_type& type) const {
    return waiting_.size(type.type_index);
  }
  // Jobs that ended per second of late, for deciding how far ahead a poll asks.
  [[nodiscard]] double ends_per_second() const;
  [[nodiscard]] const job_size& size_of(const job_type& type) const {
    return sizes_.at(type.type_index);
  }

 private:
  void run(active_job_ptr active);
  void release(active_job_ptr active, std::string why);
  void release_more();
  void end(const active_job_ptr& active, job_end how);
  // The job when it is here already, running, waiting, or on its way back.
  [[nodiscard]] active_job_ptr known(engine::job_key key) const;
  void merge_activation(active_job& active, arrival what, const lease& ours);
  void start_next(active_job& before, job_end how);
  void take_in(active_job_ptr active, std::optional<capacity::permit> place, bool polled);
  boost::asio::awaitable<void> run_to_end(active_job_ptr active);
  boost::asio::awaitable<void> release_to_end(active_job_ptr active, std::string why);

  boost::asio::any_io_executor loop_;
  capacity& capacity_;
  job_registry& jobs_;
  task_group& tasks_;
  job_executor& executor_;
  job_outcome_counters& outcomes_;
  std::function<void(const job_type&)> queue_full_;
  clock_difference clocks_;
  recently_finished_jobs finished_;
  job_queue waiting_;
  std::vector<job_size> sizes_;  // by type_index
  std::deque<active_job_ptr> overflow_;
  job_registry aside_;  // those of the overflow and those on their way back
  // Jobs on their way back and why; few at a time, because a burst of commands costs megabytes.
  std::deque<std::pair<active_job_ptr, std::string>> to_release_;
  std::size_t releasing_ = 0;
  bool stopping_ = false;
  double rate_ = 0;
  boot_clock::time_point rate_at_{};
};

}  // namespace worker::jobs
