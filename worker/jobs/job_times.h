// How long jobs wait and run, for the metrics: by job type, by element template, and on demand by
// function. Its memory is bounded: job types come from the settings, of templates and functions the
// first ones count under their names. Loop's thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "connector/base/clock.h"
#include "worker/jobs/duration_counts.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

// The longest of the times of the last two to three minutes.
class recent_longest {
 public:
  void add(std::chrono::milliseconds took, connector::boot_clock::time_point now);
  [[nodiscard]] std::chrono::milliseconds value(connector::boot_clock::time_point now) const;

 private:
  struct minute {
    std::int64_t number = -1;
    std::chrono::milliseconds longest{0};
  };
  std::array<minute, 3> minutes_;
};

// The runs of the tasks of one element template. A job that goes back to the engine (`released`,
// `waiting`) is an activation that neither completes nor fails.
struct template_runs {
  std::uint64_t activated = 0;
  std::uint64_t completed = 0;
  std::uint64_t failed = 0;
  std::uint64_t threw = 0;  // a BPMN error
  std::uint64_t ended = 0;  // in whatever way
  double seconds = 0;       // of those that ended
  recent_longest longest;
};

// Of one job type.
struct type_times {
  duration_counts waited;  // from a job's arrival here to its start
  connector::wall_clock::time_point last_completed{};
  connector::wall_clock::time_point last_failed{};
  std::chrono::milliseconds longest{0};  // run since the program started
};

// Which tasks count together: job type, id and version of the element template.
using template_name = std::tuple<std::string, std::string, std::string>;

// The model names the templates and the jobs the functions, so their numbers are bounded.
inline constexpr std::size_t max_templates = 100;
inline constexpr std::string_view others = "(others)";

// The name under which a function counts: its name, shortened.
std::string function_label(std::string_view function);

class job_times {
 public:
  // `functions`: how many functions get a histogram of their own.
  explicit job_times(std::size_t functions = 0) : max_functions_(functions) {}

  // A job got its slot.
  void started(const std::string& type, std::chrono::milliseconds waited);
  // The task of a started job was read. The counters live as long as this object.
  template_runs& activated(const std::string& type, std::string_view template_id,
                           std::string_view version);
  // A started job ended. `counters`: null when its task was not read.
  void ended(const std::string& type, template_runs* counters, job_end how,
             std::chrono::milliseconds ran);
  // A call was sent. `function`: masked, and without the query of a URL.
  void called(std::string_view function, std::chrono::milliseconds took);

  [[nodiscard]] const std::map<std::string, type_times, std::less<>>& by_type() const {
    return by_type_;
  }
  [[nodiscard]] const std::map<template_name, template_runs>& by_template() const {
    return by_template_;
  }
  [[nodiscard]] const std::map<std::string, duration_counts, std::less<>>& by_function() const {
    return by_function_;
  }

 private:
  std::size_t max_functions_;
  std::map<std::string, type_times, std::less<>> by_type_;
  std::map<template_name, template_runs> by_template_;
  std::map<std::string, duration_counts, std::less<>> by_function_;
};

}  // namespace worker::jobs
