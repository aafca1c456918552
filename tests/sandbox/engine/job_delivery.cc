// The half of job_table that hands jobs out and takes them back when their time is over.
#include <utility>

#include "tests/sandbox/engine/job_table.h"
#include "tests/sandbox/engine/keys.h"

namespace sandbox::engine {
namespace {

// What the engine leaves free beside each job of an answer.
constexpr std::size_t answer_reserve = std::size_t{8} << 10;

std::string too_large(std::size_t bytes) {
  return "The job can not be activated, because with " + std::to_string(bytes) +
         " bytes it is larger than the configured message size. Try to reduce the variables it "
         "fetches.";
}

}  // namespace

void job_table::fill(const job_record& job, const activation& to, milliseconds deadline,
                     gateway_protocol::ActivatedJob& out) const {
  const job_spec& spec = job.spec->spec;
  out.set_key(job.key);
  out.set_type(spec.type);
  out.set_processinstancekey(job.process_instance_key());
  out.set_bpmnprocessid(spec.bpmn_process_id);
  out.set_processdefinitionversion(spec.keys.version);
  out.set_processdefinitionkey(spec.keys.definition != 0 ? spec.keys.definition : definition_key);
  out.set_elementid(spec.element_id);
  out.set_elementinstancekey(job.element_instance_key());
  out.set_customheaders(spec.headers.empty() ? "{}" : spec.headers);
  out.set_worker(to.worker);
  out.set_retries(job.retries);
  out.set_deadline(deadline.count());
  out.set_variables(visible_variables(job, to.fetch));
  out.set_tenantid(spec.tenant_id);
  add_later_fields(job, out);
}

void job_table::add_later_fields(const job_record& job, gateway_protocol::ActivatedJob& out) const {
  const job_spec& spec = job.spec->spec;
  if (settings_.speaks.minor < 8) return;
  out.set_kind(static_cast<gateway_protocol::ActivatedJob::JobKind>(spec.kind));
  out.set_listenereventtype(
      static_cast<gateway_protocol::ActivatedJob::ListenerEventType>(spec.listener_event));
  for (const std::string& tag : spec.tags) out.add_tags(tag);
  if (settings_.speaks.minor < 10) return;
  out.set_priority(job.rare ? job.rare->priority.value_or(spec.priority) : spec.priority);
  out.set_businessid(spec.business_id);
  out.set_physicaltenantid(settings_.speaks.physical_tenant);
  if (job.leased() && partition_of(job.key) > partitions_of_9_) {
    out.set_jobleasetoken(job.rare->lease_token);
  }
}

void job_table::lease(job_record& job, const activation& to, milliseconds now) {
  job.until = now + to.lease;
  to_state(job, job_state::activated);
  if (job.first_activated_at == milliseconds{0}) job.first_activated_at = now;
  job.last_activated_at = now;
  job.worker = &*workers_.insert(to.worker).first;
  tell(job, job_event::kind::activated,
       [&](job_event& e) { e.worker = to.worker, e.until = job.until; });
  if (job.rare && job.rare->awaits_return) {
    job.rare->awaits_return = false;
    job.rare->back_after = now - job.rare->failed_at;
  }
}

std::vector<gateway_protocol::ActivateJobsResponse> job_table::poll(const activation& wanted,
                                                                    int max_jobs,
                                                                    milliseconds now) {
  std::vector<gateway_protocol::ActivateJobsResponse> answers;
  const std::size_t lanes = jobs_.size();
  int left = max_jobs;
  for (std::size_t turn = 0; turn < lanes && left > 0; ++turn) {
    const std::size_t lane = (next_polled_ + turn) % lanes;
    std::size_t room = 0;  // of the answer at the back; none is open at first
    for (const std::string& tenant : wanted.tenants) {
      while (left > 0) {
        const bool leased =
            wanted.with_lease && ready_.front({wanted.type, tenant, lane, true}) != nullptr;
        const ready_queue::place place{wanted.type, tenant, lane, leased};
        job_record* job = ready_.front(place);
        if (job == nullptr) break;
        ready_.pop(place);
        add_token(*job, wanted);
        gateway_protocol::ActivatedJob out;
        fill(*job, wanted, now + wanted.lease, out);
        const std::size_t size = out.ByteSizeLong() + answer_reserve;
        if (size > settings_.max_message_size) {
          raise(*job, "MESSAGE_SIZE_EXCEEDED", too_large(size - answer_reserve));
          continue;
        }
        if (size > room) {
          answers.emplace_back();
          room = settings_.max_message_size;
        }
        room -= size - answer_reserve;
        lease(*job, wanted, now);
        ++job->polled;
        ++totals_.polled;
        *answers.back().add_jobs() = std::move(out);
        --left;
      }
    }
  }
  next_polled_ = (next_polled_ + 1) % lanes;
  return answers;
}

void job_table::push(job_record& job, const activation& to, milliseconds now,
                     gateway_protocol::ActivatedJob& out) {
  add_token(job, to);
  fill(job, to, now + to.lease, out);
  lease(job, to, now);
  ++job.pushed;
  ++totals_.pushed;
}

void job_table::give_back(std::int64_t key) {
  job_record* job = find(key);
  if (job == nullptr || job->state != job_state::activated) return;
  to_state(*job, job_state::activatable);
  make_fresh(*job);
  tell(*job, job_event::kind::given_back);
}

void job_table::expire(milliseconds now) {
  while (!due_.empty() && due_.top()->until <= now) {
    job_record& job = *due_.top();
    const bool lease = job.state == job_state::activated;
    if (lease) {
      ++job.expired;
      ++totals_.expired;
    }
    to_state(job, job_state::activatable);
    make_fresh(job);
    tell(job, lease ? job_event::kind::timed_out : job_event::kind::backoff_over);
  }
}

}  // namespace sandbox::engine
