// How the engine keeps a job: small enough for a million of them, with what few jobs have
// (messages, variables, refusals) behind one pointer. Owned by job_table and touched only through
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/engine/json_text.h"

namespace sandbox::engine {

// A spec with its documents read once, shared by all jobs made from it.
struct prepared_spec {
  explicit prepared_spec(job_spec s)
      : spec(std::move(s)),
        local(read_document(spec.variables)),
        process(read_document(spec.process_variables)) {}
  prepared_spec(const prepared_spec&) = delete;  // the documents point into spec
  prepared_spec& operator=(const prepared_spec&) = delete;

  const job_spec spec;
  const document local;
  const document process;
};

// What most jobs never have.
struct job_details {
  std::vector<variable> local_changes;    // over the spec's, by name
  std::vector<variable> process_changes;  // likewise
  std::string completion;
  std::int64_t incident_key = 0;
  std::string incident_type;
  std::string incident_message;
  std::string error_code;
  std::string error_message;
  std::string error_variables;
  std::string fail_message;
  std::string fail_variables;
  milliseconds fail_backoff{0};
  milliseconds failed_at{0};
  milliseconds back_after{0};
  bool awaits_return = false;  // failed, not activated since
  std::uint32_t extensions_refused = 0;
  std::uint32_t completions_refused = 0;
  std::uint32_t fails = 0;
  std::uint32_t hand_backs = 0;
  std::uint32_t throws = 0;
  std::uint32_t refused = 0;
  std::uint32_t fenced = 0;
  std::string lease_token;
  std::optional<std::int32_t> priority;  // over the spec's
};

struct job_record {
  std::int64_t key = 0;
  std::shared_ptr<const prepared_spec> spec;
  std::unique_ptr<job_details> rare;
  const std::string* worker = nullptr;  // interned
  milliseconds created_at{0};
  milliseconds first_activated_at{0};
  milliseconds last_activated_at{0};
  milliseconds ended_at{0};
  milliseconds until{0};  // end of the lease or of the back-off
  std::int32_t retries = 0;
  std::uint32_t due_place = 0;  // where it stands among the due ones
  std::uint32_t polled = 0;
  std::uint32_t pushed = 0;
  std::uint32_t expired = 0;
  std::uint32_t extended = 0;
  job_state state = job_state::activatable;
  bool queued = false;    // an entry of the ready queue names it
  bool uncaught = false;  // its incident is a thrown error
  bool completion_accepted = false;

  job_details& details() {
    if (!rare) rare = std::make_unique<job_details>();
    return *rare;
  }
  // Of a parent, else made from the job's own.
  std::int64_t process_instance_key() const;
  std::int64_t element_instance_key() const;
  // Once leased, a job is given only to those who ask for a lease.
  bool leased() const { return rare && !rare->lease_token.empty(); }
  bool ended() const {
    return state == job_state::completed || state == job_state::cancelled ||
           state == job_state::error_thrown;
  }
};

void set_variable(std::vector<variable>& changes, std::string_view name, std::string_view value);
// A scope as it is now: the document's members, the later of two winning, with changes over them.
std::vector<variable> scope_of(const document& doc, const std::vector<variable>* changes);
// The variables that a worker gets: process variables that no local one hides, then local ones;
// only those named in `fetch` unless it is empty. Values byte for byte.
std::string visible_variables(const job_record& job, const std::vector<std::string>& fetch);
job_account account_of(const job_record& job);

}  // namespace sandbox::engine
