// The part of job_table that people and tools use rather than workers.
#include <algorithm>

#include "tests/sandbox/engine/job_table.h"
#include "tests/sandbox/engine/keys.h"
#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {

grpc::Status job_table::update_retries(std::int64_t key, std::int32_t retries) {
  job_record* job = find(key);
  if (auto known = partition_known(key); !known.ok()) return known;
  if (job == nullptr || job->ended()) {
    return job_not_found("UPDATE_RETRIES", "update the retries of", key);
  }
  if (retries <= 0) {
    return rejected(grpc::StatusCode::INVALID_ARGUMENT, "UPDATE_RETRIES", "INVALID_ARGUMENT",
                    "Expected to update retries for job with key '" + std::to_string(key) +
                        "' with a positive amount of retries, but the amount given was '" +
                        std::to_string(retries) + "'");
  }
  job->retries = retries;
  tell(*job, job_event::kind::retries_updated);
  return grpc::Status::OK;
}

grpc::Status job_table::update_retries(const gateway_protocol::UpdateJobRetriesRequest& r) {
  job_record* job = find(r.jobkey());
  if (job != nullptr && !job->ended()) {
    auto status = fence_update(*job, "UPDATE_RETRIES", "update the retries of", r.jobleasetoken());
    if (!status.ok()) return status;
  }
  return update_retries(r.jobkey(), r.retries());
}

grpc::Status job_table::update_priority(const gateway_protocol::UpdateJobPriorityRequest& r) {
  job_record* job = find(r.jobkey());
  if (auto known = partition_known(r.jobkey()); !known.ok()) return known;
  if (job == nullptr || job->ended()) {
    return job_not_found("UPDATE_PRIORITY", "update the priority of", r.jobkey());
  }
  auto status = fence_update(*job, "UPDATE_PRIORITY", "update the priority of", r.jobleasetoken());
  if (status.ok()) job->details().priority = r.priority();
  return status;
}

grpc::Status job_table::set_variables(const gateway_protocol::SetVariablesRequest& r) {
  const std::int64_t key = r.elementinstancekey();
  const document doc = read_document(r.variables());
  if (auto status = accepts_document(doc); !status.ok()) return status;
  if (auto known = partition_known(key); !known.ok()) return known;
  job_record* job = find_by_instance(key);
  if (job == nullptr || job->ended()) {
    return rejected(grpc::StatusCode::NOT_FOUND, "UPDATE", "NOT_FOUND",
                    "Expected to update variables for element with key '" + std::to_string(key) +
                        "', but no such element was found");
  }
  if (r.variables().size() > settings_.max_message_size / 2) return record_too_large("UPDATE");
  job_details& d = job->details();
  const bool in_task = key == element_of_job(job->key);
  const auto local = scope_of(job->spec->local, &d.local_changes);
  for (const member& m : doc.members) {
    // Without `local` a variable goes where one of its name is, else up to the process.
    const bool here =
        in_task && (r.local() || std::any_of(local.begin(), local.end(),
                                             [&](auto& v) { return v.name == m.name; }));
    set_variable(here ? d.local_changes : d.process_changes, m.name, m.value);
  }
  return grpc::Status::OK;
}

grpc::Status job_table::resolve_incident(std::int64_t incident_key) {
  if (auto known = partition_known(incident_key); !known.ok()) return known;
  auto found = incidents_.find(incident_key);
  const std::string key = std::to_string(incident_key);
  if (found == incidents_.end()) {
    return rejected(
        grpc::StatusCode::NOT_FOUND, "RESOLVE", "NOT_FOUND",
        "Expected to resolve incident with key '" + key + "', but no such incident was found");
  }
  job_record& job = *found->second;
  if (job.retries <= 0) {
    return rejected(grpc::StatusCode::NOT_FOUND, "RESOLVE", "NOT_FOUND",
                    "Expected to resolve incident with key '" + key +
                        "', but its job has no retries left. Please update the job retries first");
  }
  incidents_.erase(found);
  job.details().incident_key = 0;
  job.uncaught = false;
  to_state(job, job_state::activatable);
  make_fresh(job);
  tell(job, job_event::kind::resolved, [&](job_event& e) { e.incident = incident_key; });
  return grpc::Status::OK;
}

grpc::Status job_table::cancel(std::int64_t process_instance_key, milliseconds now) {
  if (auto known = partition_known(process_instance_key); !known.ok()) return known;
  job_record* job = find(job_of_process(process_instance_key));
  if (job == nullptr || job->ended()) {
    return rejected(grpc::StatusCode::NOT_FOUND, "CANCEL", "NOT_FOUND",
                    "Expected to cancel a process instance with key '" +
                        std::to_string(process_instance_key) + "', but no such process was found");
  }
  cancel(*job, now);
  return grpc::Status::OK;
}

bool job_table::cancel_job(std::int64_t key, milliseconds now) {
  job_record* job = find(key);
  if (job == nullptr || job->ended()) return false;
  cancel(*job, now);
  return true;
}

void job_table::cancel(job_record& job, milliseconds now) {
  if (job.rare) {
    incidents_.erase(job.rare->incident_key);
    job.rare->incident_key = 0;
  }
  to_state(job, job_state::cancelled);
  job.ended_at = now;
  tell(job, job_event::kind::cancelled);
}

void job_table::restore(std::int64_t key, const restored_state& s) {
  job_record* job = find(key);
  if (job == nullptr || s.state == job_state::activatable) return;
  job->until = s.until;
  if (!s.worker.empty()) job->worker = &*workers_.insert(s.worker).first;
  to_state(*job, s.state);
  if (s.state != job_state::incident) return;
  job_details& d = job->details();
  d.incident_key = s.incident_key;
  d.incident_type = s.incident_type;
  d.incident_message = s.incident_message;
  job->uncaught = s.incident_type == "UNHANDLED_ERROR_EVENT";
  incidents_[d.incident_key] = job;
  incident_count_ = std::max(incident_count_, number_of(d.incident_key) - first_incident_key);
}

void job_table::replace_variables(std::int64_t key, std::string local, std::string process) {
  job_record* job = find(key);
  if (job == nullptr || job->ended()) return;
  job_spec spec = job->spec->spec;
  spec.variables = std::move(local);
  spec.process_variables = std::move(process);
  job->spec = std::make_shared<const prepared_spec>(std::move(spec));
  if (!job->rare) return;
  job->rare->local_changes.clear();
  job->rare->process_changes.clear();
}

}  // namespace sandbox::engine
