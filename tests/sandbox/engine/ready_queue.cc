#include "tests/sandbox/engine/ready_queue.h"

#include "tests/sandbox/engine/keys.h"

namespace sandbox::engine {

void ready_queue::add(job_record& job) {
  if (job.queued) return;
  job.queued = true;
  lanes& of =
      (job.leased() ? leased_ : never_leased_)[job.spec->spec.type][job.spec->spec.tenant_id];
  if (of.empty()) of.resize(partitions_);
  of[static_cast<std::size_t>(partition_of(job.key)) - 1].push_back(&job);
}

ready_queue::lanes* ready_queue::find(const place& at) {
  auto& all = at.leased ? leased_ : never_leased_;
  auto of_type = all.find(at.type);
  if (of_type == all.end()) return nullptr;
  auto of_tenant = of_type->second.find(at.tenant);
  return of_tenant == of_type->second.end() ? nullptr : &of_tenant->second;
}

job_record* ready_queue::front(const place& at) {
  lanes* of = find(at);
  if (of == nullptr) return nullptr;
  auto& lane = (*of)[at.partition];
  while (!lane.empty()) {
    job_record* job = lane.front();
    if (job->state == job_state::activatable) return job;
    job->queued = false;
    lane.pop_front();
  }
  return nullptr;
}

void ready_queue::pop(const place& at) {
  auto& lane = (*find(at))[at.partition];
  lane.front()->queued = false;
  lane.pop_front();
}

}  // namespace sandbox::engine
