// What the engine is told about a job: from outcome and steering to one command. Pure; first match
// wins, in the order of the README's table.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "connector/base/backoff.h"
#include "connector/operations.h"
#include "connector/outcome.h"
#include "worker/engine/types.h"
#include "worker/jobs/headers.h"

namespace worker::jobs {

struct complete_command {
  std::string variables;  // JSON object
  std::string about;      // whose result it is, for a message if the engine refuses it
  // The function may have: then the result is offered when the activation is over, too. What no
  // call stands behind must not win over the run of another worker.
  bool ran = true;
};

struct fail_command {
  int retries = 0;
  std::string message;
  std::chrono::milliseconds back_off{0};
  std::string variables;   // JSON object, task-local; may be empty
  bool hand_back = false;  // no retry is lost
  bool once = false;       // takes a marker back: sent once, a repetition could free a second call
};

struct throw_command {
  std::string error_code;
  std::string message;
  std::string variables;
  std::string about;  // as above
  bool ran = true;    // as above
};

using command = std::variant<complete_command, fail_command, throw_command>;

struct job_facts {
  int retries = 0;
  int attempt = 0;      // as read from the task's variables
  bool marker = false;  // atMostOnce: the marker was written for this call
  const connector::operation_spec* operation = nullptr;  // null: invoke
  engine::job_kind kind = engine::job_kind::bpmn_element;
  std::string listener_event{};  // of a listener's job: "START", "COMPLETING", ...
  // The function's errorType before secrets were masked, which decides; nothing: as in the outcome.
  std::optional<std::string> error_type{};

  // A listener has no boundary event: what would be thrown fails the job instead.
  [[nodiscard]] bool may_throw() const { return kind == engine::job_kind::bpmn_element; }
  // A user task takes no variables from its listeners.
  [[nodiscard]] bool takes_variables() const { return kind != engine::job_kind::task_listener; }
};

// The command for a call that was made, or refused before it was, or postponed.
command decide(connector::outcome outcome, const controls& steering, const job_facts& job,
               const connector::random_source& random);

// The command for a task that could not even be read.
command decide(const connector::error& refused, const controls& steering, const job_facts& job,
               const connector::random_source& random);

// atMostOnce, and its marker could not be written: given back with a back-off, and with the marker
// taken back in case it was.
fail_command give_up_marking(const controls& steering, const job_facts& job,
                             const connector::random_source& random);

// Given back untouched: never an incident, so at least one retry.
fail_command hand_back(int retries, std::string_view why);

// Code first, then the text, at most 6,000 characters, cut at a character boundary.
std::string job_message(std::string_view code, std::string_view text);

}  // namespace worker::jobs
