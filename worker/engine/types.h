// The values that the worker and the engine exchange, and what a status of the gateway means;
// protobuf stays inside this room. Names and units are the gateway protocol's
// (proto/gateway.proto).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace worker::engine {

using job_key = std::int64_t;

// A text that several share instead of copying it.
using shared_text = std::shared_ptr<const std::string>;
inline shared_text shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Which kind of element created the job. A number that is not among these is `unknown`: newer
// engines have more.
enum class job_kind {
  bpmn_element,  // a service task and the like; gateways before 8.8 know no other
  execution_listener,
  task_listener,       // of a user task: takes no variables and no BPMN error
  ad_hoc_sub_process,  // decides which of its elements run next
  unknown,
};

// A job as commands name it.
struct job_ref {
  job_key key = 0;
  // The token of the activation's lease. The engine refuses commands that carry the token of an
  // earlier activation. Empty: the engine gave none, and keeps no owner of this job. Logs do not
  // show it.
  std::string lease_token;
};

struct job {
  job_key key = 0;
  std::string type;
  std::int64_t process_instance_key = 0;
  std::string bpmn_process_id;
  std::string element_id;
  std::int64_t element_instance_key = 0;
  std::string headers;    // JSON text of an object; empty counts as {}
  std::string variables;  // JSON text of an object
  int retries = 0;
  std::chrono::milliseconds deadline{0};  // end of the activation, epoch by the broker's clock
  std::string tenant_id;
  job_kind kind = job_kind::bpmn_element;
  int kind_number = 0;  // the protocol's number, for messages about an unknown kind
  std::string
      listener_event;       // "START", "COMPLETING", ...; empty for jobs that are not a listener's
  std::string lease_token;  // as in job_ref; gateways before 8.10 give none
  std::vector<std::string> tags;  // of the process instance; gateways before 8.8 give none
  std::string business_id;        // of the process instance; from here on since 8.10
  int priority = 0;               // 0 is also that of a job without one
  std::string physical_tenant;

  [[nodiscard]] bool of_listener() const {
    return kind == job_kind::execution_listener || kind == job_kind::task_listener;
  }

  // A key holds the number of the partition that created it.
  [[nodiscard]] std::int64_t partition() const { return key >> 51; }
};

// gRPC's status codes (grpc.io, "Status codes and their use").
enum class status_code {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  out_of_range = 11,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  data_loss = 15,
  unauthenticated = 16,
};

std::string_view name_of(status_code code);

// A defect of the answer itself that this client found. Code and message of the status are its own
// then.
enum class response_defect {
  none,
  unreadable,  // INTERNAL: compressed, no message of the protocol, or missing
  too_long,    // RESOURCE_EXHAUSTED: the text of this answer is over the limit of metadata
};

struct status {
  status_code code = status_code::ok;
  std::string message;  // the gateway's text
  response_defect defect = response_defect::none;
  [[nodiscard]] bool ok() const { return code == status_code::ok; }
};

// The classes of a status: whether the same command may be repeated.
enum class status_class {
  accepted,
  gone,       // the job no longer exists: superseded
  fenced,     // another activation holds the job's lease: this one is superseded
  not_now,    // the job is not active now (back-off, incident): may be accepted later
  refused,    // the engine refuses this command for good
  too_large,  // the engine refuses it for good because of its size
  transient,  // worth another try
};

// By code and text; the texts were measured on real brokers (8.5, 8.6).
status_class classify(const status& answer);

// A proxy or a web server answered in plain HTTP (404, 403, 502, a page), not the gateway.
bool is_from_proxy(const status& answer);

// The gateway itself does not know the call. A proxy's 404 has the same code and does not count.
bool is_unknown_call(const status& answer);

struct activation {
  std::string type;
  std::string worker;
  std::chrono::milliseconds timeout{60'000};  // length of the lease
  std::vector<std::string> fetch_variables;
  std::vector<std::string> tenant_ids;
  bool with_lease = false;  // asks for a lease token with each job
};

struct topology {
  std::string gateway_version;
  std::string cluster_id;  // since 8.9; empty: the gateway does not tell
  int brokers = 0;
  int partitions = 0;
  int partitions_led = 0;
  std::vector<std::string> broker_versions;  // as each of them says it
};

// How often a call of that name, as the protocol has it, ended with that status. A call that the
// worker cancelled counts as CANCELLED.
using call_counts = std::map<std::pair<std::string, status_code>, std::uint64_t>;

}  // namespace worker::engine
