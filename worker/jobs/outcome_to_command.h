// From the outcome of a call, the task's headers and the job's facts to the one command for the
// engine. Pure; the first rule that matches wins, in the order of the table in the project's
// README.
#pragma once

#include <optional>
#include <string>

#include "connector/base/backoff_limits.h"
#include "connector/operations.h"
#include "connector/outcome.h"
#include "worker/engine/types.h"
#include "worker/jobs/durable_task.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/task_headers.h"
#include "worker/results/expressions.h"
#include "worker/secrets/redactor.h"

namespace worker::jobs {

struct job_facts {
  int retries = 0;
  int attempt = 0;                   // as read from the task's variables
  bool at_most_once_marker = false;  // atMostOnce: the marker was written for this call
  const connector::operation_spec* operation = nullptr;  // null: invoke
  engine::job_kind kind = engine::job_kind::bpmn_element;
  std::string listener_event{};  // of a listener's job: "START", "COMPLETING", ...
  // The function's errorType before secrets were masked: this text decides whether an error is
  // thrown. No value: the text of the outcome decides.
  std::optional<std::string> error_type{};
  // Of a durable task: what its variable says, and as the next run of a failed execution needs it
  // (empty: no next run).
  engine::job_key key = 0;
  durable_progress durable{};
  std::string next_run{};
  // A sentence for the message of a failure, about a mistake of the task that may be its reason.
  std::string hint{};

  // A listener has no boundary event, so its job fails instead of throwing an error.
  [[nodiscard]] bool may_throw() const { return kind == engine::job_kind::bpmn_element; }
  // A user task takes no variables from its listeners.
  [[nodiscard]] bool takes_variables() const { return kind != engine::job_kind::task_listener; }
};

// The further needs of a task with expressions.
struct expression_facts {
  results::expression_session session;
  // response_of() the outcome before its secrets were masked: it decides. Empty when the task has
  // neither errorExpression nor an expression as retryBackoff.
  std::string raw_response;
  const secrets::redactor& masks;  // for the texts that an expression makes of it
};

// The response object that expressions see of an outcome; of an error with nulls and `error`. In
// the profile camunda (`drop_in`): the response of three fields, or the runtime's `error` alone.
std::string response_of(const connector::outcome& from, const job_facts& job, bool drop_in = false);

// For a call that was made, or refused before it was made, or postponed. Its secrets are masked.
// `expressions`: null for a task without any.
job_command outcome_to_command(connector::outcome outcome, const task_headers& headers,
                               const job_facts& job, const connector::random_source& random,
                               expression_facts* expressions = nullptr);

// For a task that could not be read, or that this worker refuses.
job_command error_to_command(const connector::error& refused, const task_headers& headers,
                             const job_facts& job, const connector::random_source& random,
                             expression_facts* expressions = nullptr);

// For a task with atMostOnce whose marker could not be written in time. Releases the job with a
// back-off, and removes the marker in case the engine wrote it.
fail_command release_without_marker(const task_headers& headers, const job_facts& job,
                                    const connector::random_source& random);

}  // namespace worker::jobs
