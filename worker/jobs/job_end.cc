#include "worker/jobs/job_end.h"

namespace worker::jobs {

std::string_view name_of(job_end end) {
  switch (end) {
    case job_end::completed:
      return "completed";
    case job_end::failed:
      return "failed";
    case job_end::bpmn_error:
      return "bpmn_error";
    case job_end::released:
      return "handed_back";
    case job_end::waiting:
      return "waiting";
    case job_end::lapsed:
      return "lapsed";
    case job_end::superseded:
      return "superseded";
    case job_end::undelivered:
      return "undelivered";
  }
  return "";
}

void job_outcome_counters::count(const std::string& job_type, const std::string& tenant,
                                 job_end end) {
  const auto which = static_cast<std::size_t>(end);
  ++by_type_[job_type].at(which);
  const bool fits = by_tenant_.size() < max_tenants || by_tenant_.contains(tenant);
  ++by_tenant_[fits ? tenant : other_tenants].at(which);
}

std::uint64_t job_outcome_counters::total(job_end end) const {
  std::uint64_t sum = 0;
  for (const auto& [type, counts] : by_type_) sum += counts.at(static_cast<std::size_t>(end));
  return sum;
}

}  // namespace worker::jobs
