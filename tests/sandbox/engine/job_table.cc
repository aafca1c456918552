#include "tests/sandbox/engine/job_table.h"

#include <algorithm>
#include <utility>

#include "tests/sandbox/engine/keys.h"
#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {
namespace {

// ActivatedJob.kind.
constexpr int execution_listener = 1;
constexpr int task_listener = 2;

bool catches(const std::vector<std::string>& codes, const std::string& code) {
  return std::any_of(codes.begin(), codes.end(),
                     [&](const std::string& c) { return c == "*" || c == code; });
}

std::string not_caught(const gateway_protocol::ThrowErrorRequest& r,
                       const std::vector<std::string>& codes) {
  std::string text = "Expected to throw an error event with the code '" + r.errorcode() + "'" +
                     (r.errormessage().empty() ? "" : " with message '" + r.errormessage() + "'") +
                     ", but it was not caught.";
  if (codes.empty()) return text + " No error events are available in the scope.";
  text += " Available error events are [";
  for (const std::string& c : codes) text += (&c == &codes.front() ? "" : ", ") + c;
  return text + "]";
}

}  // namespace

job_table::job_table(settings s)
    : settings_(std::move(s)),
      jobs_(static_cast<std::size_t>(settings_.partitions)),
      ready_(settings_.partitions),
      partitions_of_9_(settings_.speaks.partitions_of_9) {}

std::int64_t job_table::create(std::shared_ptr<const prepared_spec> spec, milliseconds now) {
  const std::size_t lane = next_partition_;
  next_partition_ = (next_partition_ + 1) % jobs_.size();
  auto& jobs = jobs_[lane];
  const auto process =
      first_process_key + keys_per_process * static_cast<std::int64_t>(jobs.size());
  job_record& job = jobs.emplace_back();
  job.key = (static_cast<std::int64_t>(lane + 1) << partition_shift) + job_of_process(process);
  if (spec->spec.keys.job != 0) {
    job.key = spec->spec.keys.job;
    given_[job.key] = &job;
  }
  job.retries = spec->spec.retries;
  job.spec = std::move(spec);
  job.created_at = now;
  ++totals_.created;
  ++totals_.open;
  make_fresh(job);
  return job.key;
}

job_record* job_table::find(std::int64_t key) {
  if (const auto given = given_.find(key); given != given_.end()) return given->second;
  const std::int64_t lane = partition_of(key) - 1;
  const std::int64_t number = number_of(key) - job_of_process(first_process_key);
  if (lane < 0 || lane >= static_cast<std::int64_t>(jobs_.size())) return nullptr;
  auto& jobs = jobs_[static_cast<std::size_t>(lane)];
  if (number < 0 || number % keys_per_process != 0) return nullptr;
  const auto at = static_cast<std::size_t>(number / keys_per_process);
  return at < jobs.size() && jobs[at].key == key ? &jobs[at] : nullptr;
}

const job_record* job_table::find(std::int64_t key) const {
  return const_cast<job_table*>(this)->find(key);
}

job_record* job_table::find_by_instance(std::int64_t key) {
  job_record* by_process = find(job_of_process(key));
  return by_process != nullptr ? by_process : find(job_of_element(key));
}

std::vector<const job_record*> job_table::all() const {
  std::vector<const job_record*> out;
  for (const auto& lane : jobs_) {
    for (const job_record& job : lane) out.push_back(&job);
  }
  return out;
}

grpc::Status job_table::partition_known(std::int64_t key) const {
  const std::int64_t partition = partition_of(key);
  if (partition < 1 || partition > settings_.partitions) return no_such_partition(partition);
  return grpc::Status::OK;
}

grpc::Status job_table::accepts(const job_record* job, std::int64_t key, const char* intent,
                                const char* verb) const {
  if (auto known = partition_known(key); !known.ok()) return known;
  if (job == nullptr || job->ended()) return job_not_found(intent, verb, key);
  if (job->state == job_state::incident || job->state == job_state::backoff) {
    return job_in_state(intent, verb, key, job->uncaught ? "ERROR_THROWN" : "FAILED");
  }
  return grpc::Status::OK;
}

grpc::Status job_table::accepts_document(const document& doc) {
  deepest_ = std::max(deepest_, doc.depth);
  return unreadable(doc);
}

std::uint64_t& job_table::count_of(job_state state) {
  switch (state) {
    case job_state::incident:
      return totals_.incident;
    case job_state::error_thrown:
      return totals_.error_thrown;
    case job_state::completed:
      return totals_.completed;
    case job_state::cancelled:
      return totals_.cancelled;
    default:
      return totals_.open;
  }
}

void job_table::to_state(job_record& job, job_state next) {
  if (job.state == job_state::activated || job.state == job_state::backoff) due_.remove(job);
  if (job.state == job_state::activated) --totals_.activated_now;
  --count_of(job.state);
  ++count_of(next);
  job.state = next;
  if (next == job_state::activated) ++totals_.activated_now;
  if (next == job_state::activated || next == job_state::backoff) due_.add(job);
}

void job_table::make_fresh(job_record& job) { fresh_.push_back(&job); }

void job_table::raise(job_record& job, std::string type, std::string message) {
  to_state(job, job_state::incident);
  job_details& d = job.details();
  d.incident_key =
      (partition_of(job.key) << partition_shift) + first_incident_key + ++incident_count_;
  d.incident_type = std::move(type);
  d.incident_message = std::move(message);
  incidents_[d.incident_key] = &job;
  tell(job, job_event::kind::incident, [&](job_event& e) {
    e.incident = d.incident_key;
    e.code = d.incident_type;
    e.message = d.incident_message;
  });
}

grpc::Status job_table::complete(const gateway_protocol::CompleteJobRequest& r, milliseconds now) {
  const std::int64_t key = r.jobkey();
  const std::string& variables = r.variables();
  job_record* job = find(key);
  auto status = accepts_document(read_document(variables));
  if (status.ok()) status = accepts(job, key, "COMPLETE", "complete");
  if (status.ok()) status = fence(*job, "COMPLETE", "complete", r.jobleasetoken());
  if (status.ok() && job->spec->spec.kind == task_listener && !variables.empty() &&
      variables != "{}") {
    status = variables_of_task_listener(key);
  }
  if (status.ok() && variables.size() > settings_.max_message_size / 2) {
    status = record_too_large("COMPLETE");
  }
  if (!status.ok()) {
    if (job != nullptr) ++job->details().completions_refused;
    return status;
  }
  to_state(*job, job_state::completed);
  job->completion_accepted = true;
  job->ended_at = now;
  if (settings_.keep_variables) job->details().completion = variables;
  tell(*job, job_event::kind::completed, [&](job_event& e) { e.variables = variables; });
  return status;
}

grpc::Status job_table::fail(const gateway_protocol::FailJobRequest& r, milliseconds now) {
  job_record* job = find(r.jobkey());
  const document doc = read_document(r.variables());
  auto status = accepts_document(doc);
  if (status.ok()) status = accepts(job, r.jobkey(), "FAIL", "fail");
  if (status.ok()) status = fence(*job, "FAIL", "fail", r.jobleasetoken());
  if (status.ok() && r.variables().size() > settings_.max_message_size / 2) {
    status = record_too_large("FAIL");
  }
  if (!status.ok()) {
    if (job != nullptr) ++job->details().refused;
    return status;
  }
  job_details& d = job->details();
  ++d.fails;
  ++totals_.fails;
  if (r.retries() >= job->retries && r.retries() > 0) {
    ++d.hand_backs;
    ++totals_.hand_backs;
  }
  d.fail_message = cut_message(r.errormessage());
  d.fail_variables = r.variables();
  d.fail_backoff = milliseconds(r.retrybackoff());
  d.failed_at = now;
  d.awaits_return = true;
  for (const member& m : doc.members) set_variable(d.local_changes, m.name, m.value);
  job->retries = r.retries();
  const bool pauses = r.retries() > 0 && r.retrybackoff() > 0;
  tell(*job, job_event::kind::failed, [&](job_event& e) {
    e.message = d.fail_message;
    e.variables = r.variables();
    e.backoff = d.fail_backoff;
    if (pauses) e.until = now + d.fail_backoff;
  });
  if (r.retries() <= 0) {
    raise(*job, "JOB_NO_RETRIES",
          d.fail_message.empty() ? "No more retries left." : d.fail_message);
  } else if (pauses) {
    // Out of the heap before its place in it changes.
    to_state(*job, job_state::activatable);
    job->until = now + milliseconds(r.retrybackoff());
    to_state(*job, job_state::backoff);
  } else {
    to_state(*job, job_state::activatable);
    make_fresh(*job);
  }
  return status;
}

grpc::Status job_table::throw_error(const gateway_protocol::ThrowErrorRequest& r,
                                    milliseconds now) {
  job_record* job = find(r.jobkey());
  const document doc = read_document(r.variables());
  auto status = accepts_document(doc);
  if (status.ok()) status = accepts(job, r.jobkey(), "THROW_ERROR", "throw an error for");
  if (status.ok()) status = fence(*job, "THROW_ERROR", "throw an error for", r.jobleasetoken());
  if (status.ok() &&
      (job->spec->spec.kind == execution_listener || job->spec->spec.kind == task_listener)) {
    status = error_of_listener(r.jobkey());
  }
  if (status.ok() && r.variables().size() > settings_.max_message_size / 2) {
    status = record_too_large("THROW_ERROR");
  }
  if (!status.ok()) {
    if (job != nullptr) ++job->details().refused;
    return status;
  }
  job_details& d = job->details();
  ++d.throws;
  d.error_code = r.errorcode();
  d.error_message = cut_message(r.errormessage());
  d.error_variables = r.variables();
  const auto& codes = job->spec->spec.caught_errors;
  tell(*job, job_event::kind::error_thrown, [&](job_event& e) {
    e.code = r.errorcode();
    e.message = d.error_message;
    e.variables = r.variables();
  });
  if (!catches(codes, r.errorcode())) {
    raise(*job, "UNHANDLED_ERROR_EVENT", not_caught(r, codes));
    job->uncaught = true;
    return status;
  }
  for (const member& m : doc.members) set_variable(d.process_changes, m.name, m.value);
  to_state(*job, job_state::error_thrown);
  job->ended_at = now;
  return status;
}

}  // namespace sandbox::engine
