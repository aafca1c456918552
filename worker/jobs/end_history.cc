#include "worker/jobs/end_history.h"

#include <chrono>
#include <utility>

#include "connector/base/shortened.h"

namespace worker::jobs {

namespace {

// Ids and names of a page for people.
constexpr std::size_t longest_text = 200;

// Counted from 1, so that 0 is no minute.
std::int64_t minute_of(connector::boot_clock::time_point at) {
  return std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count() + 1;
}

}  // namespace

void end_history::count(const std::string& job_type, job_end end,
                        connector::boot_clock::time_point now) {
  const auto minute = minute_of(now);
  auto& ring = by_type_[job_type];
  const auto place = static_cast<std::size_t>(minute) % minutes;
  if (ring.minute.at(place) != minute) {
    ring.minute.at(place) = minute;
    ring.counts.at(place) = {};
  }
  ++ring.counts.at(place).at(static_cast<std::size_t>(end));
}

bool end_history::keeps(job_end end) {
  return end == job_end::failed || end == job_end::bpmn_error || end == job_end::undelivered;
}

void end_history::keep(end_report report) {
  for (auto* text :
       {&report.job_type, &report.bpmn_process_id, &report.element_id, &report.facts.function,
        &report.facts.region, &report.facts.request_id, &report.facts.code, &report.business_id,
        &report.tags, &report.physical_tenant}) {
    *text = connector::shortened(*text, longest_text);
  }
  failures_.push_front(std::move(report));
  if (failures_.size() > failures_kept) failures_.pop_back();
}

std::map<std::string, std::array<end_history::ends, end_history::minutes>> end_history::by_minute(
    connector::boot_clock::time_point now) const {
  std::map<std::string, std::array<ends, minutes>> out;
  const auto last = minute_of(now);
  for (const auto& [type, ring] : by_type_) {
    auto& row = out[type];
    for (std::size_t i = 0; i < minutes; ++i) {
      const auto minute = last - static_cast<std::int64_t>(minutes - 1 - i);
      if (minute < 1) continue;
      const auto place = static_cast<std::size_t>(minute) % minutes;
      if (ring.minute.at(place) == minute) row.at(i) = ring.counts.at(place);
    }
  }
  return out;
}

}  // namespace worker::jobs
