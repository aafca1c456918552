#include "tests/bench/report.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <utility>

#include "tests/bench/text.h"

namespace bench {

namespace {

std::string row(const char* who, const point& where, const round_figures& got) {
  const auto used = point_figures::slots_used(where, got.jobs_per_second);
  return text("%9d %8lld  %-7s %9.0f %9.1f %11.1f %8.1f %6.0f %7s", where.in_flight,
              static_cast<long long>(where.delay.count()), who, got.jobs_per_second,
              got.cpu_us_per_job, got.others_cpu_us_per_job, got.rss_mb, got.connections,
              used ? text("%.1f %%", *used * 100).c_str() : "-");
}

std::string rows(const load_figures& loads) {
  std::string out;
  for (const auto& [who, got] :
       {std::pair("floor", &loads.floor), std::pair("worker", &loads.worker)}) {
    out +=
        text("1,000 jobs/s one by one, %-6s from hand-out to completion p50 %.0f us, p99 %.0f us\n",
             who, got->p50_us, got->p99_us);
  }
  for (const auto& [how, got] :
       {std::pair("polled", &loads.polled), std::pair("pushed", &loads.pushed)}) {
    out += text(
        "32 slots, 100 ms, backlog, %s: %.1f us per job, at most %.0f activated, %.0f handed "
        "back\n",
        how, got->cpu_us_per_job, got->peak_activated, got->handed_back);
  }
  return out;
}

// Boost.JSON writes every double with an exponent; people read this file too.
void write(std::string& out, const boost::json::value& from, const std::string& indent) {
  const auto list = [&](char open, char close, const auto& items, const auto& each) {
    out += open;
    const char* between = "\n";
    for (const auto& item : items) {
      out += between + indent + "  ";
      each(item);
      between = ",\n";
    }
    out += '\n' + indent + close;
  };
  if (const auto* number = from.if_double()) {
    out += text("%.10g", std::round(*number * 1000) / 1000);
  } else if (const auto* object = from.if_object()) {
    list('{', '}', *object, [&](const auto& member) {
      out += boost::json::serialize(member.key()) + ": ";
      write(out, member.value(), indent + "  ");
    });
  } else if (const auto* array = from.if_array()) {
    list('[', ']', *array, [&](const auto& element) { write(out, element, indent + "  "); });
  } else {
    out += boost::json::serialize(from);
  }
}

boost::json::object raw(const point& where, const round_figures& got) {
  boost::json::object out{{"jobs_per_second", got.jobs_per_second},
                          {"cpu_us_per_job", got.cpu_us_per_job},
                          {"stand_ins_cpu_us_per_job", got.others_cpu_us_per_job},
                          {"rss_mb", got.rss_mb},
                          {"connections", got.connections},
                          {"pushed_share", got.pushed_share},
                          {"handed_back", got.handed_back},
                          {"peak_activated", got.peak_activated}};
  if (const auto used = point_figures::slots_used(where, got.jobs_per_second)) {
    out["slots_used"] = *used;
  }
  return out;
}

}  // namespace

std::string table(const figures& all) {
  std::string out =
      "                              "
      "          CPU us    stand-ins peak RSS  conns   slots\n"
      "in flight delay ms  who        jobs/s   per job  us per job      MiB opened    used\n";
  for (const auto& each : all.points) {
    out += row("floor", each.where, each.floor) + '\n';
    if (!all.with_worker) continue;
    out +=
        row("worker", each.where, each.worker) + text("   %.2f of the floor\n", each.floor_ratio());
    if (const auto ratio = each.peer_ratio()) {
      out += row("go", each.where, *each.peer) +
             text("   %.2f times the worker's processor time\n", *ratio);
    }
  }
  if (all.loads) out += rows(*all.loads);
  if (!all.without_peer.empty()) out += "go: not measured, " + all.without_peer + '\n';
  if (all.with_worker) {
    out += text("worker: %.1f MiB idle, first poll %.0f ms after its start\n", all.rss_mb_idle,
                all.start_ms);
    out += text("floor: %.1f MiB idle, first poll %.0f ms after its start\n", all.floor_rss_mb_idle,
                all.floor_start_ms);
  }
  return out;
}

std::string json(const figures& all) {
  boost::json::object out;
  boost::json::array points;
  for (const auto& each : all.points) {
    const std::string slots = std::to_string(each.where.in_flight);
    boost::json::object one{{"in_flight", each.where.in_flight},
                            {"delay_ms", each.where.delay.count()},
                            {"floor", raw(each.where, each.floor)}};
    if (all.with_worker) {
      one["worker"] = raw(each.where, each.worker);
      one["floor_ratio"] = each.floor_ratio();
      if (each.peer) one["go"] = raw(each.where, *each.peer);
      if (each.where.delay.count() == 0) {
        out["floor_ratio_" + slots] = each.floor_ratio();
        out["cpu_us_per_job_" + slots] = each.worker.cpu_us_per_job;
        out["rss_mb_" + slots] = each.worker.rss_mb;
        if (const auto ratio = each.peer_ratio()) out["peer_ratio_" + slots] = *ratio;
      } else {
        const auto used = point_figures::slots_used(each.where, each.worker.jobs_per_second);
        out["slots_used_" + slots + '_' + std::to_string(each.where.delay.count()) + "ms"] =
            used.value_or(0);
      }
    }
    points.push_back(std::move(one));
  }
  if (all.with_worker) {
    out["rss_mb_idle"] = all.rss_mb_idle;
    out["rss_mb_idle_above_floor"] = all.rss_mb_idle_above_floor();
    out["start_ms"] = all.start_ms;
    out["floor_rss_mb_idle"] = all.floor_rss_mb_idle;
    out["floor_start_ms"] = all.floor_start_ms;
  }
  if (const auto& loads = all.loads) {
    for (const auto& each : targets(all)) {
      if (each.name.starts_with("added_") || each.name.starts_with("pushed_")) {
        out[each.name] = each.measured;
      }
    }
    const point backlog{32, std::chrono::milliseconds(100)};
    out["loads"] = boost::json::object{
        {"floor_p50_us", loads->floor.p50_us},   {"floor_p99_us", loads->floor.p99_us},
        {"worker_p50_us", loads->worker.p50_us}, {"worker_p99_us", loads->worker.p99_us},
        {"polled", raw(backlog, loads->polled)}, {"pushed", raw(backlog, loads->pushed)}};
  }
  out["points"] = std::move(points);
  std::string written;
  write(written, out, "");
  return written + '\n';
}

std::string verdict(const figures& all) { return verdict(targets(all)); }

std::string verdict(const std::vector<target>& settled) {
  if (settled.empty()) return "bench: no figure with a target was measured";
  std::string met;
  std::string missed;
  for (const auto& each : settled) {
    std::string& list = each.met() ? met : missed;
    const char* sign = each.at_least ? ">=" : "<=";
    if (!list.empty()) list += ", ";
    list += each.name + text(" %.*f", each.bound < 10 ? 3 : 1, each.measured) +
            text(" (%s %g)", sign, each.bound);
  }
  if (missed.empty()) return "bench: settled, every target is met: " + met;
  return "bench: missed " + missed + (met.empty() ? "" : "; met " + met);
}

}  // namespace bench
