// One job that is active here, from its arrival to its end: the state machine of the room's README,
// with the same words. This file answers what a state allows, who may extend the lease of a job
// (may_be_extended) and when its slot comes free (give_back_slot, result_is_held, the end).
// Shared by the coroutine that runs the job and by `job_registry`. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connector/base/boot_timer.h"
#include "connector/base/memory_permit.h"
#include "worker/engine/types.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/end_report.h"
#include "worker/jobs/lease.h"
#include "worker/secrets/redaction_registry.h"

namespace worker::jobs {

struct job_type;
struct template_runs;

enum class job_state {
  arrived,    // no decision yet
  queued,     // waits for a slot
  set_aside,  // had no place in the queue; is released when the stream that brought it is closed
  releasing,  // is released without having started: a FailJob that keeps its retries is due
  running,    // reads its task, makes its call, sends its result
  failing,    // a FailJob is under way: an activation that arrives now is the next one
  gone,       // the engine has no such job any more: no command is sent for it
};

// "queued"; for tests and debug lines.
std::string_view name_of(job_state state);

// An activation that arrived while the previous one was failing. It starts when that has ended.
struct next_activation {
  engine::job job;
  lease granted;
};

class active_job {
 public:
  active_job(boost::asio::any_io_executor loop, engine::job job, const job_type& type,
             lease granted);

  [[nodiscard]] const engine::job& job() const { return job_; }
  [[nodiscard]] engine::job_key key() const { return job_.key; }
  // As commands name it: with the lease token of the latest activation.
  [[nodiscard]] engine::job_ref ref() const { return {job_.key, job_.lease_token}; }
  [[nodiscard]] const job_type& type() const { return type_; }
  [[nodiscard]] job_state state() const { return gone_ ? job_state::gone : state_; }
  // Whether it has ever been `running`.
  [[nodiscard]] bool was_started() const { return started_; }
  // The worker stops: no further attempt is made.
  [[nodiscard]] bool stops() const { return stops_; }

  // The events that move it from state to state.
  void wait_in_queue(std::optional<capacity::permit> place);  // arrived -> queued
  void leave_queue() { queue_place_.reset(); }                // gives the place back, starts next
  void set_aside();                                           // arrived -> set_aside
  void release();                                             // not started -> releasing
  void start(std::optional<capacity::permit> slot);           // arrived, queued -> running
  void begin_failing() { state_ = job_state::failing; }       // releasing, running -> failing
  // The engine has no such job: its call is abandoned. Any state -> gone.
  void found_gone();
  // The engine refused the lease token of this activation: another one holds the job. As
  // found_gone, but the job lives on, so an activation that comes here is kept as the next one.
  void found_fenced();
  [[nodiscard]] bool is_fenced() const { return facts_.fenced; }
  // The worker stops: its call is abandoned, and no other attempt begins. Keeps its state.
  void stop();

  // The engine activated it again. While it is failing or fenced, that activation is kept as the
  // next one.
  // Otherwise the one run goes on under the new activation: a started job takes over its lease and
  // retries, a job that waits takes over its variables too. Returns whether it was taken over.
  bool activated_again(engine::job job, const lease& granted);
  [[nodiscard]] bool has_next() const { return next_ != nullptr; }
  std::unique_ptr<next_activation> take_next() { return std::exchange(next_, nullptr); }

  // The permissions that follow from its state and lease.
  [[nodiscard]] bool may_start(boot_clock::time_point now) const;
  // A request to AWS may be sent: no other worker can have the job.
  [[nodiscard]] bool may_call(boot_clock::time_point now) const;
  // A FailJob may be sent. A late one could free a job that another worker runs; with a lease token
  // the engine refuses it then.
  [[nodiscard]] bool may_be_failed(boot_clock::time_point now) const;
  // A result may be sent. The result of a call that may have run is sent after the lease ended too,
  // as is every result with a lease token.
  [[nodiscard]] bool may_be_completed(boot_clock::time_point now, bool call_may_have_run) const;
  // UpdateJobTimeout may be sent. `lease_renewer` alone asks, and for jobs of the registry alone.
  [[nodiscard]] bool may_be_extended(boot_clock::time_point now) const;

  // The lease.
  [[nodiscard]] const lease& current_lease() const { return lease_; }
  // Begins an extension. Returns the number of the activation that it is for.
  unsigned begin_extension();
  void extended(boot_clock::time_point asked_at, milliseconds length);
  // The engine did not take the extension now: the next one waits for a part of the lease.
  void extension_postponed(boot_clock::time_point now);
  // The engine refused it for good. False: that was about an activation which another has followed.
  bool extension_refused(unsigned activation);
  // The engine says that the job is not active: nothing is done that only its holder may do.
  void lose_lease(boot_clock::time_point now);

  // The job with its variables, which the caller may move out; notes which activation they are of.
  engine::job& begin_reading();
  // No activation has followed the one whose variables were read.
  [[nodiscard]] bool variables_are_current() const { return activation_ == read_; }

  // Capacity and memory.
  void give_back_slot() { slot_.reset(); }
  // Again, after a wait without one.
  void take_slot(capacity::permit slot) { slot_ = std::move(slot); }
  void charge_bytes(capacity::permit bytes) { bytes_ = std::move(bytes); }
  void keep_response_memory(connector::memory_permit permit);
  // From now on it keeps this result in memory instead of its variables.
  void count_result(std::size_t bytes);
  // The engine does not take its result now: other jobs get its slot and its response memory.
  void result_is_held(std::size_t bytes);

  // Secrets of its inputs, added to those before, and the redactor for every text about it.
  void keep_secrets(std::vector<secrets::redaction_registry::handle> used);
  [[nodiscard]] const std::vector<secrets::redaction_registry::handle>& used_secrets() const {
    return secrets_;
  }
  const secrets::redactor& prepare_masks(const secrets::redaction_registry& registry);
  // Unchanged as long as no masks were prepared.
  [[nodiscard]] std::string masked(std::string text) const;

  // For the metrics: the time from its arrival to its start, the time since then, and the counters
  // of its element template (null until its task was read).
  [[nodiscard]] milliseconds waited() const;
  [[nodiscard]] milliseconds ran(boot_clock::time_point now) const;
  void counts_for(template_runs& runs) { runs_ = &runs; }
  [[nodiscard]] template_runs* runs() const { return runs_; }

  // The report of its end for the log and the status page. Noted on the way; texts are masked.
  end_facts& facts() { return facts_; }
  // With the facts of the moment of the call.
  [[nodiscard]] end_report report(job_end end) const;

  // Cancels the running call.
  boost::asio::cancellation_signal& abandon_signal() { return abandon_signal_; }
  // Waits; ends early when the job was activated again, is gone, or the worker stops.
  boost::asio::awaitable<void> wait_for_change(milliseconds at_most);

 private:
  void abandon();
  // A command that ends the job cannot hit another activation of it.
  [[nodiscard]] bool may_end(boot_clock::time_point now) const {
    return lease_.alive(now) || !job_.lease_token.empty();
  }

  engine::job job_;
  const job_type& type_;
  job_state state_ = job_state::arrived;
  bool gone_ = false;
  bool started_ = false;
  bool stops_ = false;

  lease lease_;
  unsigned activation_ = 0;  // counts the activations that were taken over
  unsigned read_ = 0;        // the activation whose variables this run uses
  bool extendable_ = true;   // the engine takes extensions of this activation
  bool extending_ = false;
  boot_clock::time_point no_extension_before_{};
  std::unique_ptr<next_activation> next_;  // rare, and large

  std::optional<capacity::permit> slot_;         // while it runs
  std::optional<capacity::permit> queue_place_;  // while it waits for a slot
  std::optional<capacity::permit> bytes_;        // what it keeps in memory
  connector::memory_permit response_memory_;     // of a large response that was not sent yet

  std::vector<secrets::redaction_registry::handle> secrets_;
  std::shared_ptr<const secrets::redactor> masks_;

  const boot_clock::time_point arrived_at_ = boot_clock::now();
  boot_clock::time_point started_at_ = arrived_at_;
  template_runs* runs_ = nullptr;
  end_facts facts_;

  boost::asio::cancellation_signal abandon_signal_;
  connector::boot_timer change_;
};

using active_job_ptr = std::shared_ptr<active_job>;

// The jobs that wait or run here, by key: no key ever runs twice at a time. Their leases are
// extended.
using job_registry = std::unordered_map<engine::job_key, active_job_ptr>;

}  // namespace worker::jobs
