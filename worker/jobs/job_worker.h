// The worker as a whole: it creates the objects of this room, connects them, and stops them in
// phases. Its dependencies must outlive it, and it must be stopped before it is destroyed. Loop's
// thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "worker/jobs/command_sender.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_executor.h"
#include "worker/jobs/job_subscription.h"
#include "worker/jobs/lease_renewer.h"
#include "worker/jobs/standstill.h"

namespace connector {
class memory_budget;
}

namespace worker::jobs {

struct job_worker_settings {
  std::vector<job_type> types;
  std::size_t slots = 32;
  // Half for variables and results, half for large responses.
  std::size_t byte_budget = 64 * 1024 * 1024;
  // The half for large responses; null: they are not counted.
  std::shared_ptr<const connector::memory_budget> response_budget;
  milliseconds activation_timeout{60'000};
  std::string worker_name;
  bool stream = true;
  milliseconds stream_silence{60'000};
  milliseconds poll_timeout{10'000};
  std::vector<std::string> tenant_ids;
  policy::policy_rules policies;
  milliseconds drain_time{25'000};
  sender_settings commands;
  std::string physical_tenant;      // that jobs are taken from; empty: the default of the engine
  bool log_successes = true;        // whether completed jobs get a line in the log
  std::size_t timed_functions = 0;  // that get a histogram of their own
  gateway_outage::advisor gateway_hint;  // what to do about an answer of the gateway; may be empty
};

struct worker_snapshot {
  std::size_t slots = 0;
  std::size_t slots_used = 0;
  std::size_t queue_places = 0;
  std::size_t waiting = 0;
  std::size_t waiting_for_turn = 0;  // under the operator's limits, without a slot
  std::size_t byte_budget = 0;
  std::size_t bytes_used = 0;
  std::size_t active_jobs = 0;
  std::vector<subscription_snapshot> subscriptions;
  poll_counters polls;
  stream_counters streams;
  lease_counters leases;
  std::uint64_t without_lease_token = 0;  // jobs that went back for the want of one
  sender_counters commands;
  std::string physical_tenant;
  boot_clock::time_point last_contact{};
};

class job_worker {
 public:
  struct dependencies {
    engine::gateway& engine;
    connector::service& service;
    const secrets::resolver& secrets;
    secrets::redaction_registry& redaction;
  };

  job_worker(boost::asio::any_io_executor loop, dependencies deps, job_worker_settings settings,
             connector::random_source random);
  ~job_worker();

  void start();
  [[nodiscard]] bool started() const { return started_; }

  // The jobs and results that a stop left behind.
  struct leftovers {
    std::uint64_t undelivered = 0;  // commands that the engine did not take since the stop began
    std::size_t running = 0;        // jobs whose call or command has not ended
    bool calls_open = false;        // polls, streams or extensions that did not close

    [[nodiscard]] bool nothing() const { return undelivered == 0 && running == 0 && !calls_open; }
  };

  // Asks for no more jobs, finishes those that end within the drain time, stops the others, and
  // returns when nothing of the worker runs any more, or eight seconds after the drain time.
  boost::asio::awaitable<leftovers> stop();

  // For jobs that are started from now on.
  void replace_policies(policy::policy_rules policies) { settings_.policies = std::move(policies); }

  // The drain time counts as over from now on (second signal).
  void abort_drain();

  [[nodiscard]] worker_snapshot snapshot() const;
  [[nodiscard]] const job_outcome_counters& outcomes() const { return outcomes_; }
  [[nodiscard]] const end_history& history() const { return history_; }
  [[nodiscard]] const job_times& times() const { return times_; }

 private:
  void something_came_free();
  void queue_is_full(const job_type& type, bool set_aside);
  void activate_for_full_length();
  void stop_jobs();
  // What is sent from now on ends in time for the platform's grace time.
  void bound_commands();

  boost::asio::any_io_executor loop_;
  job_worker_settings settings_;
  bool started_ = false;
  bool stopping_ = false;
  bool drained_ = false;
  bool dispatch_posted_ = false;
  connector::deadline drain_end_{};

  capacity capacity_;
  job_registry jobs_;
  job_outcome_counters outcomes_;
  end_history history_;
  job_times times_;
  standstill still_;
  gateway_outage outage_;
  task_group tasks_;    // jobs and extensions
  task_group loops_;    // pollers and streams
  task_group renewal_;  // of the leases, which goes on while jobs are drained
  command_sender sender_;
  turn_waits waits_;
  execution_watch watch_;
  job_executor executor_;
  job_dispatcher dispatcher_;
  lease_renewer leases_;
  std::vector<std::unique_ptr<job_subscription>> subscriptions_;
  std::size_t first_ = 0;  // of the subscriptions, to ask when something came free
};

}  // namespace worker::jobs
