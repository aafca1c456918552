#include "worker/jobs/job_times.h"

#include <algorithm>
#include <utility>

#include "connector/base/shortened.h"

namespace worker::jobs {

using connector::boot_clock;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t longest_label = 200;

std::int64_t number_of_minute(boot_clock::time_point at) {
  return std::chrono::floor<std::chrono::minutes>(at.time_since_epoch()).count();
}

}  // namespace

void recent_longest::add(milliseconds took, boot_clock::time_point now) {
  const auto number = number_of_minute(now);
  auto& at = minutes_.at(static_cast<std::size_t>(number) % minutes_.size());
  if (at.number != number) at = {number, milliseconds(0)};
  at.longest = std::max(at.longest, took);
}

milliseconds recent_longest::value(boot_clock::time_point now) const {
  const auto number = number_of_minute(now);
  milliseconds out{0};
  for (const auto& each : minutes_) {
    if (number - each.number < static_cast<std::int64_t>(minutes_.size())) {
      out = std::max(out, each.longest);
    }
  }
  return out;
}

void job_times::started(const std::string& type, milliseconds waited) {
  by_type_[type].waited.add(waited);
}

template_runs& job_times::activated(const std::string& type, std::string_view template_id,
                                    std::string_view version) {
  template_name name{type, connector::shortened(template_id, longest_label),
                     connector::shortened(version, longest_label)};
  const bool fits = by_template_.size() < max_templates || by_template_.contains(name);
  if (!fits) name = {type, std::string(others), std::string()};
  auto& out = by_template_[std::move(name)];
  ++out.activated;
  return out;
}

void job_times::ended(const std::string& type, template_runs* counters, job_end how,
                      milliseconds ran) {
  const auto now = connector::wall_clock::now();
  auto& times = by_type_[type];
  times.longest = std::max(times.longest, ran);
  if (how == job_end::completed) times.last_completed = now;
  if (how == job_end::failed) times.last_failed = now;
  if (counters == nullptr) return;
  ++counters->ended;
  counters->seconds += std::chrono::duration<double>(ran).count();
  counters->longest.add(ran, boot_clock::now());
  if (how == job_end::completed) ++counters->completed;
  if (how == job_end::failed) ++counters->failed;
  if (how == job_end::bpmn_error) ++counters->threw;
}

std::string function_label(std::string_view function) {
  return connector::shortened(function, longest_label);
}

void job_times::called(std::string_view function, milliseconds took) {
  if (max_functions_ == 0 || function.empty()) return;
  auto name = function_label(function);
  const bool fits = by_function_.size() < max_functions_ || by_function_.contains(name);
  by_function_[fits ? std::move(name) : std::string(others)].add(took);
}

}  // namespace worker::jobs
