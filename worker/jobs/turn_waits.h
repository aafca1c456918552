// Jobs whose calls wait for their turn under a limit of the operator. They keep no slot meanwhile:
// other jobs run in it. When the turn has come, a job takes the next slot that is free, before the
// jobs that wait in the queue. Outlives its places. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <list>

#include "connector/base/boot_timer.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/capacity.h"

namespace worker::jobs {

class turn_waits {
 public:
  explicit turn_waits(capacity& of) : capacity_(of) {}
  turn_waits(const turn_waits&) = delete;
  turn_waits& operator=(const turn_waits&) = delete;

  // Of one running job, for as long as its call goes on.
  class place {
   public:
    place(turn_waits& of, active_job_ptr active) : waits_(of), active_(std::move(active)) {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place();

    // Gives the job's slot back. False when no job may wait: the worker stops, or the byte budget
    // is used up.
    bool begin();
    // The job has a slot again. False: it was given up. Quiet cancellation (base/cancellation.h).
    boost::asio::awaitable<bool> end();

   private:
    friend class turn_waits;
    turn_waits& waits_;
    active_job_ptr active_;
    std::list<place*>::iterator at_;
    bool waits_now_ = false;
    connector::boot_timer* needs_slot_ = nullptr;  // woken when it has one
  };

  // Something came free: gives slots to the jobs whose turn has come.
  void serve();
  // From now on no job waits. Those that do are stopped, which releases them.
  void stop();
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  static bool take_slot(capacity& from, active_job& active);

  capacity& capacity_;
  std::list<place*> places_;  // first come, first served
  bool stopping_ = false;
};

}  // namespace worker::jobs
