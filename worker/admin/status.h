// The running worker as a person sees it: figures, the ends of the last hour, the last failures,
// and the settings that differ from their defaults. One collection makes the page and the JSON
// answer, so that both say the same. No payloads, messages or secrets. Pure.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "worker/admin/metrics.h"
#include "worker/jobs/end_history.h"

namespace worker::admin {

struct status_setting {
  std::string key;
  std::string value;  // *** for a secret
  std::string source;
};

struct status_facts {
  figures now;
  const jobs::end_history& history;
  connector::boot_clock::time_point boot_now;
  connector::wall_clock::time_point wall_now;
  std::string gateway;  // its address
  std::vector<status_setting> changed;
};

// One figure: {"slots", "Slots in use", "3 of 32"}.
struct status_figure {
  std::string key;
  std::string label;
  std::string value;
  bool bad = false;  // a person should look at it
};
std::vector<status_figure> figures_of(const status_facts& from);

// The ends of a minute in the order of the charts: completed, thrown, failed, others.
using minute_counts = std::array<std::uint64_t, 4>;
struct status_chart {
  std::string type;
  std::array<minute_counts, jobs::end_history::minutes> minutes{};
  minute_counts hour{};
};
std::vector<status_chart> charts_of(const status_facts& from);

// Columns of the table of failures, and its rows, the newest first.
struct status_failure {
  std::string time;  // "2026-11-30T08:15:00Z"
  std::string end;
  std::string code;
  std::string type;
  std::string function;
  std::string process;
  std::string element;
  std::string job_key;
};
std::vector<status_failure> failures_of(const status_facts& from);

// {"figures":[{"key","label","value","bad"}],"types":[{"type","minutes":[[4 numbers] x
// 60],"hour":[4]}],
//  "calls":[{"operation","result","count"}],"failures":[{...}],"settings":[{"key","value","source"}]}
std::string status_json(const status_facts& from);

}  // namespace worker::admin
