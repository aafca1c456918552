#include "worker/admin/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <tuple>
#include <utility>

#include "connector/base/json.h"
#include "connector/base/json_writer.h"
#include "connector/base/timestamp.h"

namespace worker::admin {

namespace {

using connector::json::object_writer;

std::string time_text(std::chrono::seconds time) {
  const auto all = time.count();
  if (all < 0) return "over";
  if (all < 120) return fmt::format("{} s", all);
  if (all < 120L * 60) return fmt::format("{} min", all / 60);
  if (all < 48L * 3600) return fmt::format("{} h {} min", all / 3600, all / 60 % 60);
  return fmt::format("{} days", all / 86'400);
}

std::string size_text(std::uint64_t bytes) {
  return bytes < 1024 * 1024 ? fmt::format("{} KiB", (bytes + 1023) / 1024)
                             : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / 1048576.0);
}

status_figure ready_figure(const figures& now) {
  const bool up = ready(now.health).up;
  std::string text = "yes";
  if (now.health.stopping) {
    text = "no: it is stopping";
  } else if (!now.health.credentials) {
    text = "no: there are no AWS credentials, the log has the reason";
  } else if (!up) {
    text = "no: the gateway does not answer, the log has the reason";
  }
  return {"ready", "Takes jobs", std::move(text), !up};
}

status_figure contact_figure(const figures& now) {
  const auto& since = now.health.since_contact;
  const auto text =
      since ? time_text(std::chrono::duration_cast<std::chrono::seconds>(*since)) + " ago"
            : std::string("never");
  return {"gatewayContact", "Last answer of the gateway", text,
          !since || *since > std::chrono::seconds(30)};
}

status_figure credentials_figure(const status_facts& from) {
  if (!from.now.health.credentials) return {"credentials", "AWS credentials", "none", true};
  const auto& end = from.now.credentials_expire;
  if (!end) return {"credentials", "AWS credentials", "there, do not expire", false};
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(*end - from.wall_now);
  return {"credentials", "AWS credentials", "there, expire in " + time_text(left),
          left < std::chrono::minutes(5)};
}

std::string streams_text(const jobs::worker_snapshot& from) {
  std::string out;
  for (const auto& one : from.subscriptions) {
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", one.type, one.stream);
  }
  return out;
}

std::string throttled_text(const call_meter& from) {
  const auto found = from.repeats().find("TOO_MANY_REQUESTS");
  return found == from.repeats().end() ? "0" : std::to_string(found->second);
}

constexpr std::size_t most_throttled_shown = 10;

// "orders in us-east-1: 2 at once, 5 wait"
status_figure throttled_figure(std::vector<connector::throttled_function> all) {
  if (all.empty()) return {"throttledFunctions", "Throttled functions", "none", false};
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.at_once, a.function) < std::tie(b.at_once, b.function);
  });
  std::string out;
  for (std::size_t i = 0; i < std::min(all.size(), most_throttled_shown); ++i) {
    const auto& one = all[i];
    const auto pace = one.at_once < 1 ? std::string("one after the other, with pauses")
                                      : fmt::format("{:.0f} at once", one.at_once);
    out += fmt::format("{}{} in {}: {}, {} wait", out.empty() ? "" : "; ",
                       jobs::function_label(one.function), one.region, pace, one.waiting);
  }
  if (all.size() > most_throttled_shown) {
    out += fmt::format("; and {} more", all.size() - most_throttled_shown);
  }
  return {"throttledFunctions", "Throttled functions", std::move(out), true};
}

// More than a person reads are on the metrics page.
constexpr std::size_t most_limits_shown = 20;

void add_limits(std::vector<status_figure>& out, const std::vector<connector::limit_figures>& all) {
  for (std::size_t i = 0; i < std::min(all.size(), most_limits_shown); ++i) {
    const auto& one = all[i];
    out.push_back({"limit:" + one.pattern, "Limit of each " + one.pattern,
                   fmt::format("{}; now {} under way, {} waiting; {} jobs handed back",
                               text_of(one.bounds), one.under_way, one.waiting, one.postponed),
                   one.bounds.paused});
  }
  if (all.size() <= most_limits_shown) return;
  out.push_back({"limits", "Further limits",
                 fmt::format("{}, see /metrics", all.size() - most_limits_shown), false});
}

// The place of an end in minute_counts; nothing: it is no bar. A job that waits for its durable
// execution ends once for each question, which would hide the others.
std::optional<std::size_t> place_of(jobs::job_end end) {
  switch (end) {
    case jobs::job_end::completed:
      return 0;
    case jobs::job_end::bpmn_error:
      return 1;
    case jobs::job_end::failed:
    case jobs::job_end::undelivered:
      return 2;
    case jobs::job_end::waiting:
      return std::nullopt;
    default:
      return 3;
  }
}

std::string json_of(const minute_counts& counts) {
  return fmt::format("[{},{},{},{}]", counts[0], counts[1], counts[2], counts[3]);
}

// [item,item]
template <class List, class Write>
std::string list_of(const List& items, Write write) {
  std::string out = "[";
  for (const auto& each : items) {
    if (out.size() > 1) out += ',';
    out += write(each);
  }
  return out + "]";
}

std::string json_of(const status_chart& chart) {
  return object_writer()
      .string("type", chart.type)
      .raw("minutes", list_of(chart.minutes, [](const auto& each) { return json_of(each); }))
      .raw("hour", json_of(chart.hour))
      .take();
}

}  // namespace

std::vector<status_figure> figures_of(const status_facts& from) {
  const auto& now = from.now;
  const auto& jobs = now.jobs;
  const auto uptime = std::chrono::duration_cast<std::chrono::seconds>(
      from.wall_now.time_since_epoch() - std::chrono::duration<double>(now.process.started_at));
  std::vector<status_figure> out;
  out.push_back(ready_figure(now));
  out.push_back({"version", "Version", now.version, false});
  out.push_back({"uptime", "Runs for", time_text(uptime), false});
  out.push_back({"gateway", "Gateway", from.gateway, false});
  out.push_back(contact_figure(now));
  out.push_back({"streams", "Streams of pushed jobs", streams_text(jobs), false});
  out.push_back(credentials_figure(from));
  out.push_back({"slots", "Slots in use", fmt::format("{} of {}", jobs.slots_used, jobs.slots),
                 jobs.slots_used >= jobs.slots && jobs.waiting > 0});
  out.push_back({"waiting", "Jobs that wait for a slot", std::to_string(jobs.waiting), false});
  out.push_back({"held", "Variables and results in memory",
                 fmt::format("{} of {}", size_text(jobs.bytes_used), size_text(jobs.byte_budget)),
                 false});
  out.push_back({"resultsHeld", "Results that the engine has not taken yet",
                 std::to_string(jobs.commands.holding), jobs.commands.holding > 0});
  out.push_back({"resultsDropped", "Results that the engine never took",
                 std::to_string(jobs.commands.dropped), jobs.commands.dropped > 0});
  out.push_back(
      {"throttled", "Requests sent again because AWS throttled", throttled_text(now.calls), false});
  out.push_back(throttled_figure(now.throttled));
  out.push_back({"connections", "Connections to AWS", std::to_string(now.connections.open), false});
  add_limits(out, now.limits);
  out.push_back({"memory", "Memory", size_text(now.process.resident_bytes), false});
  return out;
}

std::vector<status_chart> charts_of(const status_facts& from) {
  std::vector<status_chart> out;
  const auto rows = from.history.by_minute(from.boot_now);
  for (const auto& one : from.now.jobs.subscriptions) {
    auto& chart = out.emplace_back();
    chart.type = one.type;
    const auto found = rows.find(one.type);
    if (found == rows.end()) continue;
    for (std::size_t minute = 0; minute < chart.minutes.size(); ++minute) {
      for (std::size_t end = 0; end < jobs::job_ends; ++end) {
        const auto count = found->second.at(minute).at(end);
        const auto place = place_of(static_cast<jobs::job_end>(end));
        if (!place) continue;
        chart.minutes.at(minute).at(*place) += count;
        chart.hour.at(*place) += count;
      }
    }
  }
  return out;
}

std::vector<status_failure> failures_of(const status_facts& from) {
  std::vector<status_failure> out;
  for (const auto& each : from.history.failures()) {
    out.push_back({connector::timestamp_text(each.at), std::string(jobs::name_of(each.end)),
                   each.facts.code, each.job_type, each.facts.function, each.bpmn_process_id,
                   each.element_id, std::to_string(each.job_key)});
  }
  return out;
}

std::string status_json(const status_facts& from) {
  const auto figure = [](const status_figure& each) {
    return object_writer()
        .string("key", each.key)
        .string("label", each.label)
        .string("value", each.value)
        .boolean("bad", each.bad)
        .take();
  };
  const auto call = [](const auto& each) {
    return object_writer()
        .string("operation", each.first.first)
        .string("result", each.first.second)
        .number("count", static_cast<std::int64_t>(each.second))
        .take();
  };
  const auto failure = [](const status_failure& each) {
    return object_writer()
        .string("time", each.time)
        .string("end", each.end)
        .string("code", each.code)
        .string("type", each.type)
        .string("function", each.function)
        .string("process", each.process)
        .string("element", each.element)
        .string("jobKey", each.job_key)
        .take();
  };
  const auto setting = [](const status_setting& each) {
    return object_writer()
        .string("key", each.key)
        .string("value", each.value)
        .string("source", each.source)
        .take();
  };
  return object_writer()
             .raw("figures", list_of(figures_of(from), figure))
             .raw("types", list_of(charts_of(from), [](const auto& each) { return json_of(each); }))
             .raw("calls", list_of(from.now.calls.results(), call))
             .raw("failures", list_of(failures_of(from), failure))
             .raw("settings", list_of(from.changed, setting))
             .take() +
         "\n";
}

}  // namespace worker::admin
