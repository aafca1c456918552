// The part of job_table that is about leases: how long one lasts, and whose it is (8.10).
#include "tests/sandbox/engine/job_table.h"
#include "tests/sandbox/engine/keys.h"
#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {

void job_table::add_token(job_record& job, const activation& to) {
  if (!to.with_lease || !knows_leases() || partition_of(job.key) <= partitions_of_9_) return;
  job.details().lease_token =
      "lease-" + std::to_string(job.key) + "-" + std::to_string(++token_count_);
}

grpc::Status job_table::fence(job_record& job, const char* intent, const char* verb,
                              const std::string& token) {
  if (!knows_leases() || !job.leased() || token == job.rare->lease_token) return grpc::Status::OK;
  ++job.rare->fenced;
  return job_of_another_lease(intent, verb, job.key, token.empty());
}

grpc::Status job_table::fence_update(job_record& job, const char* intent, const char* verb,
                                     const std::string& token) {
  return token.empty() ? grpc::Status::OK : fence(job, intent, verb, token);
}

grpc::Status job_table::update_timeout(const gateway_protocol::UpdateJobTimeoutRequest& r,
                                       milliseconds now) {
  const std::int64_t key = r.jobkey();
  job_record* job = find(key);
  auto status = partition_known(key);
  if (status.ok() && (job == nullptr || job->ended())) {
    status = job_not_found("UPDATE_TIMEOUT", "update the timeout of", key);
  } else if (status.ok() && job->state != job_state::activated) {
    status = job_not_active(key);
  }
  if (status.ok()) {
    status = fence_update(*job, "UPDATE_TIMEOUT", "update the timeout of", r.jobleasetoken());
  }
  if (!status.ok()) {
    if (job != nullptr) ++job->details().extensions_refused;
    return status;
  }
  due_.remove(*job);
  job->until = now + milliseconds(r.timeout());
  due_.add(*job);
  ++job->extended;
  ++totals_.extended;
  tell(*job, job_event::kind::timeout_updated, [&](job_event& e) { e.until = job->until; });
  return status;
}

void job_table::count_refused_extension(std::int64_t key) {
  if (job_record* job = find(key)) ++job->details().extensions_refused;
}

}  // namespace sandbox::engine
