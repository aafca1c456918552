// Runs one job: reads its task, resolves its secrets, makes its call and sends the command that
// follows from the outcome. It is also the wall behind which a bug fails one job and not the
// worker. Its dependencies must outlive the running jobs. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "connector/base/backoff.h"
#include "connector/connector.h"
#include "worker/engine/gateway.h"
#include "worker/feel/expression_cache.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/at_most_once_marker.h"
#include "worker/jobs/command_sender.h"
#include "worker/jobs/execution_watch.h"
#include "worker/jobs/job_end.h"
#include "worker/jobs/job_times.h"
#include "worker/jobs/job_type.h"
#include "worker/jobs/outcome_to_command.h"
#include "worker/jobs/plaintext_key_check.h"
#include "worker/jobs/task.h"
#include "worker/jobs/turn_waits.h"
#include "worker/policy/policy_rules.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

class job_executor {
 public:
  struct dependencies {
    connector::service& service;
    engine::gateway& engine;
    command_sender& commands;
    const secrets::resolver& secrets;
    secrets::redaction_registry& redaction;
    const policy::policy_rules& policies;
    job_times& times;
    connector::random_source random;
    turn_waits& waits;
    execution_watch& watch;
  };

  explicit job_executor(dependencies deps)
      : deps_(std::move(deps)), keys_(deps_.engine, deps_.redaction) {}

  // Returns how the job ended here. Never throws.
  boost::asio::awaitable<job_end> run(active_job_ptr active);

  // Releases a job that does not run here, so that another activation runs it.
  boost::asio::awaitable<job_end> release(active_job_ptr active, std::string reason,
                                          std::chrono::milliseconds back_off);

 private:
  boost::asio::awaitable<job_end> work(active_job_ptr active);
  boost::asio::awaitable<job_end> call(active_job_ptr active, connector::call request,
                                       task_headers headers, job_facts facts);
  // The call's turn has come. False: it is not made; the marker says why when it was not written.
  boost::asio::awaitable<bool> come_to_call(turn_waits::place& place, active_job_ptr active,
                                            bool at_most_once,
                                            std::optional<marker_result>& marker);
  boost::asio::awaitable<job_end> send_outcome(active_job_ptr active, connector::outcome outcome,
                                               task_headers headers, job_facts facts);
  // The prefix of durable names when a task gives none. Nothing: the gateway does not answer.
  boost::asio::awaitable<std::optional<std::string>> durable_prefix();
  boost::asio::awaitable<job_end> refuse(active_job_ptr active, connector::error error,
                                         task_headers headers, job_facts facts);
  // `raw`: the outcome with its secrets.
  job_command command_for(active_job& active, connector::outcome raw, const task_headers& headers,
                          job_facts facts);
  void warn(const active_job& active, const task& read) const;
  // A text that only looks like a reference to a secret: refused in `authentication`, else a hint
  // for the message of a failure, and warned about once.
  [[nodiscard]] static std::optional<connector::error> check_near_references(
      const active_job& active, const task& read, job_facts& facts);

  dependencies deps_;
  feel::expression_cache parsed_;  // of all job types
  plaintext_key_check keys_;
  std::optional<std::string> durable_prefix_;  // once the gateway has answered; then it stays
};

}  // namespace worker::jobs
