#include "tests/sandbox/engine/ready_queue.h"

#include "tests/sandbox/engine/keys.h"

namespace sandbox::engine {

void ready_queue::add(job_record& job) {
  if (job.queued) return;
  job.queued = true;
  lanes& of = types_[job.spec->spec.type][job.spec->spec.tenant_id];
  if (of.empty()) of.resize(partitions_);
  of[static_cast<std::size_t>(partition_of(job.key)) - 1].push_back(&job);
}

ready_queue::lanes* ready_queue::find(const std::string& type, const std::string& tenant) {
  auto by_type = types_.find(type);
  if (by_type == types_.end()) return nullptr;
  auto by_tenant = by_type->second.find(tenant);
  return by_tenant == by_type->second.end() ? nullptr : &by_tenant->second;
}

job_record* ready_queue::front(const std::string& type, const std::string& tenant,
                               std::size_t partition) {
  lanes* of = find(type, tenant);
  if (of == nullptr) return nullptr;
  auto& lane = (*of)[partition];
  while (!lane.empty()) {
    job_record* job = lane.front();
    if (job->state == job_state::activatable) return job;
    job->queued = false;
    lane.pop_front();
  }
  return nullptr;
}

void ready_queue::pop(const std::string& type, const std::string& tenant, std::size_t partition) {
  auto& lane = (*find(type, tenant))[partition];
  lane.front()->queued = false;
  lane.pop_front();
}

}  // namespace sandbox::engine
