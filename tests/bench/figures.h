// The arithmetic of the benchmark: from samples to figures, from figures to the verdict. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/counts.h"

namespace bench {

// One point of the table: how many jobs at a time, and how long the function runs.
struct point {
  int in_flight = 32;
  std::chrono::milliseconds delay{0};
  friend bool operator==(const point&, const point&) = default;
};

// What one round of one peer gave.
struct round_figures {
  double jobs_per_second = 0;
  double cpu_us_per_job = 0;         // of the peer's process alone
  double others_cpu_us_per_job = 0;  // of the stand-ins
  double rss_mb = 0;                 // the process's peak, in MiB
  double connections = 0;            // opened at Lambda, from its start to its end
  double pushed_share = 0;           // of the activations
  double handed_back = 0;            // jobs given back unstarted, from its start to its end
  double peak_activated = 0;         // jobs that the engine had handed out and not heard of again
};

// How long jobs were out, from the engine's hand-out to their completion.
struct latency_figures {
  double jobs = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// 0 of nothing. `part` of 1: the largest.
double percentile(std::vector<double> values, double part);

// Jobs that arrive at a rate: 1,000 a second one after the other, and twice of what 32 slots can
// do.
struct load_figures {
  latency_figures floor;
  latency_figures worker;
  round_figures polled;  // the worker with a backlog and without a stream
  round_figures pushed;
};

// Jobs per second: the slope of the least-squares line through (time, completed). Jobs that run for
// a while end in waves; the count between two moments is off by up to a wave, the slope hardly.
// 0 with fewer than two samples.
double slope(const std::vector<counts>& samples);

// 0 of nothing.
double median(std::vector<double> values);

// Member by member: the median of the rounds, but the largest memory.
round_figures middle(const std::vector<round_figures>& rounds);

struct point_figures {
  point where;
  round_figures floor;
  round_figures worker;
  std::optional<round_figures> peer;  // the Go worker, where it was measured

  // worker's jobs/s over the floor's.
  [[nodiscard]] double floor_ratio() const;
  // The Go worker's processor time for a job over the worker's.
  [[nodiscard]] std::optional<double> peer_ratio() const;
  // jobs/s over slots / delay; nothing when the function takes no time.
  [[nodiscard]] static std::optional<double> slots_used(const point& where, double jobs_per_second);
};

struct figures {
  std::vector<point_figures> points;
  double rss_mb_idle = 0;
  double start_ms = 0;
  // The same of the floor: a bare process with gRPC and OpenSSL.
  double floor_rss_mb_idle = 0;
  double floor_start_ms = 0;
  bool with_worker = true;
  std::string without_peer;  // why the Go worker was not measured; empty: it was
  std::optional<load_figures> loads;

  [[nodiscard]] double rss_mb_idle_above_floor() const { return rss_mb_idle - floor_rss_mb_idle; }

  // Null when that point was not measured.
  [[nodiscard]] const point_figures* at(const point& where) const;
};

// A figure the project has settled on, and what was measured.
struct target {
  std::string name;
  double bound = 0;
  bool at_least = true;  // else at most
  double measured = 0;
  [[nodiscard]] bool met() const { return at_least ? measured >= bound : measured <= bound; }
};

// Those whose points were measured.
std::vector<target> targets(const figures& all);

}  // namespace bench
