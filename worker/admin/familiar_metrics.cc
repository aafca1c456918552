#include "worker/admin/familiar_metrics.h"

#include <chrono>
#include <numeric>

namespace worker::admin {

namespace {

using labels = metrics_writer::labels;

// The last two are empty for tasks that were made without an element template.
labels labels_of(const jobs::template_name& name) {
  return {{"type", std::get<0>(name)},
          {"elementTemplateId", std::get<1>(name)},
          {"elementTemplateVersion", std::get<2>(name)}};
}

labels with_action(labels to, std::string action) {
  to.push_back({"action", std::move(action)});
  return to;
}

// Milliseconds since the epoch; 0: never.
double milliseconds_of(connector::wall_clock::time_point at) {
  return std::chrono::duration<double, std::milli>(
             std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()))
      .count();
}

void add_runs(metrics_writer& out, const figures& from) {
  const auto& all = from.times.by_template();
  out.counter("outbound_invocations", "Jobs by element template and by what became of them");
  for (const auto& [name, runs] : all) {
    out.value(runs.activated, with_action(labels_of(name), "activated"))
        .value(runs.completed, with_action(labels_of(name), "completed"))
        .value(runs.failed, with_action(labels_of(name), "failed"))
        .value(runs.threw, with_action(labels_of(name), "bpmn-error"));
  }
  out.summary("outbound_execution_time_seconds", "Time from a job's start to its end here");
  for (const auto& [name, runs] : all) out.sum(runs.ended, runs.seconds, labels_of(name));
  out.gauge("outbound_execution_time_seconds_max",
            "The longest of these times in the last two to three minutes");
  const auto now = connector::boot_clock::now();
  for (const auto& [name, runs] : all) {
    out.value(std::chrono::duration<double>(runs.longest.value(now)).count(), labels_of(name));
  }
}

void add_types(metrics_writer& out, const figures& from) {
  const auto each = [&](const auto& number_of) {
    for (const auto& one : from.jobs.subscriptions) {
      const auto found = from.times.by_type().find(one.type);
      const bool known = found != from.times.by_type().end();
      out.value(known ? number_of(found->second) : 0.0, {{"type", one.type}});
    }
  };
  out.gauge("outbound_last_completed",
            "When a job last completed, in ms since the epoch; 0: never");
  each([](const auto& times) { return milliseconds_of(times.last_completed); });
  out.gauge("outbound_last_failed", "When a job last failed, in ms since the epoch; 0: never");
  each([](const auto& times) { return milliseconds_of(times.last_failed); });
  out.gauge("outbound_max_execution_time", "The longest run of a job since the start, in ms");
  each([](const auto& times) {
    return std::chrono::duration<double, std::milli>(times.longest).count();
  });
}

void add_client(metrics_writer& out, const figures& from) {
  out.counter("job_activated", "Jobs activated here");
  for (const auto& one : from.jobs.subscriptions) {
    out.value(one.polls.jobs + one.pushes.jobs, {{"type", one.type}});
  }
  out.counter("job_handled", "Jobs that ended here, in whatever way");
  for (const auto& one : from.jobs.subscriptions) {
    const auto& all = from.outcomes.by_type();
    const auto found = all.find(one.type);
    std::uint64_t ended = 0;
    if (found != all.end()) {
      ended = std::accumulate(found->second.begin(), found->second.end(), std::uint64_t{0});
    }
    out.value(ended, {{"type", one.type}});
  }
  out.counter("stream_inactivity_recreated",
              "Streams of pushed jobs opened again because only polls brought jobs");
  for (const auto& one : from.jobs.subscriptions) {
    out.value(one.pushes.closed_silent, {{"type", one.type}});
  }
}

}  // namespace

void add_familiar_metrics(metrics_writer& out, const figures& from) {
  out.prefix("camunda_connector_");
  add_runs(out, from);
  add_types(out, from);
  out.prefix("camunda_client_worker_");
  add_client(out, from);
}

}  // namespace worker::admin
