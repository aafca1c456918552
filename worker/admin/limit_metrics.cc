#include "worker/admin/limit_metrics.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

namespace worker::admin {

namespace {

// The functions that have a histogram are named here too, so that the number of labels is bounded.
void add_throttled(metrics_writer& out, const figures& from) {
  struct of_name {
    double least = 0;
    std::uint64_t waiting = 0;
  };
  const auto& named = from.times.by_function();
  std::map<std::string, of_name> all;
  for (const auto& one : from.throttled) {
    const auto name = jobs::function_label(one.function);
    const auto [at, is_new] =
        all.try_emplace(named.contains(name) ? name : std::string(jobs::others));
    at->second.least = is_new ? one.at_once : std::min(at->second.least, one.at_once);
    at->second.waiting += one.waiting;
  }
  out.gauge("throttled_functions",
            "Functions that are called less often since Lambda throttled them")
      .value(std::uint64_t{from.throttled.size()});
  const bool by_name = !named.empty();
  out.gauge("function_throttle_limit",
            "Calls at once that such a function gets; off by default, see admin.timedFunctions");
  for (const auto& [name, one] : all) {
    if (by_name) out.value(one.least, {{"function", name}});
  }
  out.gauge("function_throttled_calls_waiting", "Calls that wait for their turn at it");
  for (const auto& [name, one] : all) {
    if (by_name) out.value(one.waiting, {{"function", name}});
  }
}

// Their number is the operator's: one for each pattern, not for each function.
void add_limits(metrics_writer& out, const figures& from) {
  const auto each = [&](const auto& value_of) {
    for (const auto& one : from.limits) out.value(value_of(one), {{"limit", one.pattern}});
  };
  out.gauge("limit_calls_under_way", "Calls under way that a limit of the operator counts");
  each([](const auto& one) { return static_cast<std::uint64_t>(one.under_way); });
  out.gauge("limit_calls_waiting", "Calls that wait here for their turn, without a slot");
  each([](const auto& one) { return static_cast<std::uint64_t>(one.waiting); });
  out.gauge("limit_paused", "1 while the operator has paused the functions of the limit");
  each([](const auto& one) { return one.bounds.paused ? 1.0 : 0.0; });
  out.counter("limit_calls", "Calls that a limit let begin");
  each([](const auto& one) { return one.let_through; });
  out.counter("limit_jobs_handed_back", "Jobs that went back to the engine because of a limit");
  each([](const auto& one) { return one.postponed; });
}

}  // namespace

void add_limit_metrics(metrics_writer& out, const figures& from) {
  add_throttled(out, from);
  add_limits(out, from);
}

}  // namespace worker::admin
