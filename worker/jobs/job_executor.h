// Runs one job: reads its task, resolves its secrets, makes its call and sends the command that
// follows from the outcome. It is also the wall behind which a bug fails one job and not the
// worker. Its dependencies must outlive the running jobs. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "connector/base/backoff_limits.h"
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
  // What one run knows. It lives in the frame of work(), so that the coroutines below it stay
  // small: ten thousand jobs may wait for their answers. For the same reason an awaitable is made
  // in a statement of its own: the arguments of a call that is awaited at once stay in the frame.
  struct job_run {
    task read;
    job_facts facts;
    std::shared_ptr<const policy::job_policy> policy;
    std::string field_to_ask_about;  // which holds a key in clear; empty: none
    connector::call request;
    connector::outcome outcome;
    std::optional<marker_result> marker;  // of atMostOnce, once it was to be written
    // Stops the durable execution of a task whose job the engine cancels; null: it goes on.
    std::unique_ptr<connector::call> stopping;
    bool released = false;  // it goes back unstarted
  };

  boost::asio::awaitable<job_end> work(active_job_ptr active);
  // The request is made. An error: the job is refused, or goes back (`released`). Looks at its
  // state after each wait, and returns no error for a job that is gone.
  boost::asio::awaitable<std::unique_ptr<connector::error>> prepare(active_job& active,
                                                                    job_run& run);
  boost::asio::awaitable<connector::result<secrets::resolved_task>> resolve(
      const active_job& active, job_run& run);
  boost::asio::awaitable<job_end> send_instead(active_job_ptr active,
                                               std::unique_ptr<connector::error> refused,
                                               job_run& run);
  boost::asio::awaitable<job_end> call(active_job_ptr active, job_run& run);
  // The worker goes along with the call: it may send it, and it hears of its turn.
  void accompany(turn_waits::place& place, const active_job_ptr& active, job_run& run);
  // The durable execution of a job that ended so is stopped, or watched.
  boost::asio::awaitable<void> stop_or_watch(const active_job& active, job_end end, job_run& run);
  // Sends the command that follows from the outcome, if one does.
  boost::asio::awaitable<job_end> finish(active_job_ptr active, job_run& run);
  // The call's turn has come. False: it is not made; the marker says why when it was not written.
  boost::asio::awaitable<bool> come_to_call(turn_waits::place& place, active_job_ptr active,
                                            job_run& run);
  // The prefix of durable names when a task gives none. Nothing: the gateway does not answer.
  boost::asio::awaitable<std::optional<std::string>> durable_prefix();
  static bool needs_prefix(const job_run& run);

  // The steps in their order; an error: the job is refused.
  std::optional<connector::error> read_job(active_job& active, job_run& run);
  std::optional<connector::error> make_request(active_job& active,
                                               std::vector<secrets::task_value> resolved,
                                               job_run& run);
  std::optional<connector::error> complete_request(const active_job& active, job_run& run);
  job_command refusal(active_job& active, connector::error error, job_run& run);
  job_command after_refused_marker(active_job& active, const engine::status& answer, job_run& run);
  // The end of a job for which no command is sent, or the command.
  std::variant<job_end, job_command> after_call(active_job& active, connector::outcome outcome,
                                                job_run& run);
  // `raw`: the outcome with its secrets.
  job_command command_for(active_job& active, connector::outcome raw, job_run& run);
  // Which references count in the variables of this task.
  [[nodiscard]] secrets::data_mode mode_of(const task& read) const;
  void warn(const active_job& active, const task& read) const;
  // A text that only looks like a reference to a secret: refused in `authentication`, else a hint
  // for the message of a failure, and warned about once.
  [[nodiscard]] static std::optional<connector::error> check_near_references(
      const active_job& active, const task& read, job_facts& facts);

  static constexpr std::string_view stopped_text = "The worker stopped before it called.";

  dependencies deps_;
  feel::expression_cache parsed_;  // of all job types
  plaintext_key_check keys_;
  std::optional<std::string> durable_prefix_;  // once the gateway has answered; then it stays
};

}  // namespace worker::jobs
