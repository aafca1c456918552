// Plain values of the embedded engine: what a job is made of and what became of it. No lifetimes,
// no threads: copies that the caller owns. Times are by the engine's clock (see engine.h), as
// milliseconds since the epoch.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sandbox::engine {

using std::chrono::milliseconds;

// A variable with its value as raw JSON text, byte for byte as it was given or received.
struct variable {
  std::string name;
  std::string value;
  bool operator==(const variable&) const = default;
};

// Keys that a parent gives (parent.h). 0: the engine makes its own, one process instance for each
// job.
struct given_keys {
  std::int64_t job = 0;
  std::int64_t element_instance = 0;
  std::int64_t process_instance = 0;
  std::int64_t definition = 0;
  std::int32_t version = 1;
};

// What a service task would create. JSON texts are delivered as they are, so malformed text can be
// given on purpose; it then counts as a document without variables.
struct job_spec {
  std::string type = "lambdaConnector.INVOKE";
  // The task's local scope, input mappings applied. The job sees it on top of process_variables.
  std::string variables = "{}";
  std::string process_variables = "{}";
  std::string headers = "{}";
  std::int32_t retries = 3;
  std::string bpmn_process_id = "process";
  std::string element_id = "task";
  std::string tenant_id = "<default>";
  // ActivatedJob.kind and .listenerEventType as they go over the wire: 0 a service task, 1 an
  // execution listener, 2 a task listener, 3 an ad-hoc sub-process. A listener's job throws no
  // error, a task listener's completes without variables; other numbers behave as 0.
  int kind = 0;
  int listener_event = 6;
  // Error codes that a boundary event catches; "*" catches every one.
  std::vector<std::string> caught_errors;
  // Source variable to target variable. None: each completion variable goes to the process, except
  // one that has the name of a task-local variable.
  std::vector<std::pair<std::string, std::string>> output_mappings;
  given_keys keys;
  std::vector<std::string> tags;
  std::int32_t priority = 0;
  std::string business_id;
};

enum class job_state : std::uint8_t {
  activatable,
  activated,
  backoff,       // failed with retries left, waits
  incident,      // see incident_type
  error_thrown,  // a thrown error was caught: the job has ended
  completed,
  cancelled,
};
const char* to_string(job_state);

// See engine::restore().
struct restored_state {
  job_state state = job_state::activatable;  // or activated, backoff, incident
  milliseconds until{0};                     // end of the lease or of the back-off
  std::string worker;
  std::int64_t incident_key = 0;
  std::string incident_type;
  std::string incident_message;
};

// Everything known about one job.
struct job_account {
  std::int64_t key = 0;
  std::int64_t process_instance_key = 0;
  std::int64_t element_instance_key = 0;
  std::string type;
  std::string element_id;
  job_state state = job_state::activatable;
  std::int32_t retries = 0;  // what is left now

  std::uint32_t polled = 0;    // activations by ActivateJobs
  std::uint32_t pushed = 0;    // activations by StreamActivatedJobs
  std::uint32_t expired = 0;   // leases that ran out
  std::uint32_t extended = 0;  // UpdateJobTimeout accepted
  std::uint32_t extensions_refused = 0;
  std::uint32_t completions_accepted = 0;  // never above 1
  std::uint32_t completions_refused = 0;   // by the job's state, its size or its JSON
  std::uint32_t fails = 0;                 // FailJob accepted, hand-backs included
  std::uint32_t hand_backs = 0;            // FailJob that took no retry
  std::uint32_t throws = 0;                // ThrowError accepted
  std::uint32_t refused = 0;               // Fail or ThrowError refused by state, size or JSON
  std::uint32_t fenced = 0;  // commands refused by their lease token, or for want of one
  std::string lease_token;   // of the latest activation with a lease

  // CompleteJob.variables exactly as received (empty with keep_variables off).
  std::string completion_variables;
  // The scopes as they are now. After completion: with the result merged or mapped.
  std::vector<variable> process_variables;
  std::vector<variable> local_variables;

  std::int64_t incident_key = 0;  // 0: none open
  std::string incident_type;      // kept after it was resolved
  std::string incident_message;

  std::string error_code;  // of the last ThrowError
  std::string error_message;
  std::string error_variables;

  std::string fail_message;  // of the last FailJob
  std::string fail_variables;
  milliseconds fail_backoff{0};

  milliseconds created_at{0};
  milliseconds first_activated_at{0};
  milliseconds last_activated_at{0};
  milliseconds lease_until{0};  // while activated, extensions included
  milliseconds failed_at{0};    // last FailJob
  milliseconds back_after{0};   // from the last FailJob to the activation that followed
  milliseconds ended_at{0};
  std::string worker;  // of the last activation

  std::uint32_t activated() const { return polled + pushed; }
  // Raw text of a process variable, or nothing.
  std::optional<std::string> process_variable(std::string_view name) const;
  std::optional<std::string> local_variable(std::string_view name) const;
};

// Sums over all jobs. created == completed + incident + error_thrown + cancelled + open.
struct job_totals {
  std::uint64_t created = 0;
  std::uint64_t completed = 0;
  std::uint64_t incident = 0;
  std::uint64_t error_thrown = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t open = 0;  // activatable, activated or in back-off
  std::uint64_t activated_now = 0;

  std::uint64_t polled = 0;
  std::uint64_t pushed = 0;
  std::uint64_t expired = 0;
  std::uint64_t extended = 0;
  std::uint64_t fails = 0;
  std::uint64_t hand_backs = 0;

  bool adds_up() const { return created == completed + incident + error_thrown + cancelled + open; }
};

}  // namespace sandbox::engine
