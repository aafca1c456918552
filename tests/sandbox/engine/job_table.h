// The engine's state machine of jobs: what a command does to a job in which state, and with which
// status it is refused. Pure: the time is passed in, and nothing is called. Not thread-safe.
#pragma once

#include <grpcpp/support/status.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "proto/gateway.pb.h"
#include "tests/sandbox/engine/due_heap.h"
#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/engine/job_record.h"
#include "tests/sandbox/engine/parent.h"
#include "tests/sandbox/engine/ready_queue.h"
#include "tests/sandbox/engine/wire_version.h"

namespace sandbox::engine {

// What a worker asks for, by poll or by stream.
struct activation {
  std::string type;
  std::string worker;
  milliseconds lease{0};
  std::vector<std::string> fetch;
  std::vector<std::string> tenants;  // resolved, never empty
  bool with_lease = false;
};

class job_table {
 public:
  struct settings {
    int partitions = 1;
    std::size_t max_message_size = 0;
    bool keep_variables = true;
    wire_version speaks = {};
    std::function<void(job_event)> tell = {};  // may only queue
  };
  explicit job_table(settings s);

  std::int64_t create(std::shared_ptr<const prepared_spec> spec, milliseconds now);
  // Null with the status a gateway gives for keys it cannot place (UNAVAILABLE) or does not know.
  job_record* find(std::int64_t key);
  const job_record* find(std::int64_t key) const;
  // The job whose process or element instance this is, ended ones included.
  job_record* find_by_instance(std::int64_t key);

  // Leases up to `max_jobs`: one answer per partition that had some, more where one would be too
  // large. A job too large for any answer becomes an incident.
  std::vector<gateway_protocol::ActivateJobsResponse> poll(const activation& wanted, int max_jobs,
                                                           milliseconds now);
  void push(job_record& job, const activation& to, milliseconds now,
            gateway_protocol::ActivatedJob& out);
  // The message of an activation, without an activation.
  void describe(const job_record& job, const activation& to, milliseconds now,
                gateway_protocol::ActivatedJob& out) const {
    fill(job, to, now + to.lease, out);
  }
  // A leased job that never left the gateway becomes activatable again.
  void give_back(std::int64_t key);

  grpc::Status complete(const gateway_protocol::CompleteJobRequest& request, milliseconds now);
  grpc::Status fail(const gateway_protocol::FailJobRequest& request, milliseconds now);
  grpc::Status throw_error(const gateway_protocol::ThrowErrorRequest& request, milliseconds now);
  grpc::Status update_timeout(const gateway_protocol::UpdateJobTimeoutRequest& request,
                              milliseconds now);
  void count_refused_extension(std::int64_t key);
  // Without a token of the request: as a person does it.
  grpc::Status update_retries(std::int64_t key, std::int32_t retries);
  grpc::Status update_retries(const gateway_protocol::UpdateJobRetriesRequest& request);
  // Counts for the next activation; the order of jobs is not changed by it.
  grpc::Status update_priority(const gateway_protocol::UpdateJobPriorityRequest& request);
  void upgrade_partitions() { partitions_of_9_ = 0; }
  grpc::Status set_variables(const gateway_protocol::SetVariablesRequest& request);
  grpc::Status resolve_incident(std::int64_t incident_key);
  grpc::Status cancel(std::int64_t process_instance_key, milliseconds now);
  bool cancel_job(std::int64_t key, milliseconds now);
  bool has_incident(std::int64_t key) const { return incidents_.contains(key); }
  void restore(std::int64_t key, const restored_state& state);
  void replace_variables(std::int64_t key, std::string local, std::string process);

  // Ends what is due: leases and back-offs.
  void expire(milliseconds now);

  // Jobs that became activatable since the last call. Each goes to a stream or to enqueue().
  std::vector<job_record*> take_fresh() { return std::move(fresh_); }
  bool has_fresh() const { return !fresh_.empty(); }
  void enqueue(job_record& job) { ready_.add(job); }

  const job_totals& totals() const { return totals_; }
  std::size_t deepest() const { return deepest_; }
  std::vector<const job_record*> all() const;

 private:
  grpc::Status accepts(const job_record* job, std::int64_t key, const char* intent,
                       const char* verb) const;
  // The fence of 8.10. The first of the two is for commands that end an activation.
  grpc::Status fence(job_record& job, const char* intent, const char* verb,
                     const std::string& token);
  grpc::Status fence_update(job_record& job, const char* intent, const char* verb,
                            const std::string& token);
  void add_token(job_record& job, const activation& to);
  bool knows_leases() const { return settings_.speaks.minor >= 10; }
  grpc::Status partition_known(std::int64_t key) const;
  grpc::Status accepts_document(const document& doc);
  void to_state(job_record& job, job_state next);
  void make_fresh(job_record& job);
  void raise(job_record& job, std::string type, std::string message);
  void lease(job_record& job, const activation& to, milliseconds now);
  void fill(const job_record& job, const activation& to, milliseconds deadline,
            gateway_protocol::ActivatedJob& out) const;
  // What versions after 8.5 brought.
  void add_later_fields(const job_record& job, gateway_protocol::ActivatedJob& out) const;
  std::uint64_t& count_of(job_state state);
  void cancel(job_record& job, milliseconds now);
  // `add` puts in what only some events have.
  template <class Add>
  void tell(const job_record& job, job_event::kind type, Add add) const {
    if (!settings_.tell) return;
    job_event event{.type = type, .job = job.key, .retries = job.retries};
    add(event);
    settings_.tell(std::move(event));
  }
  void tell(const job_record& job, job_event::kind type) const {
    tell(job, type, [](job_event&) {});
  }

  const settings settings_;
  std::vector<std::deque<job_record>> jobs_;  // by partition, in order of creation
  std::size_t next_partition_ = 0;
  std::size_t next_polled_ = 0;
  ready_queue ready_;
  due_heap due_;
  std::vector<job_record*> fresh_;
  std::unordered_map<std::int64_t, job_record*> incidents_;  // open ones by key
  std::unordered_map<std::int64_t, job_record*> given_;      // jobs whose keys a parent gave
  std::int64_t incident_count_ = 0;
  std::unordered_set<std::string> workers_;
  job_totals totals_;
  std::size_t deepest_ = 0;
  int partitions_of_9_;
  std::int64_t token_count_ = 0;
};

}  // namespace sandbox::engine
