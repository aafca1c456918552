// How jobs ended in the last hour: for each job type the ends of each minute, and the last jobs
// that did not end well. Its memory is bounded: job types come from the settings, texts are
// shortened. Times are passed in. Loop's thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>

#include "connector/base/clock.h"
#include "worker/jobs/end_report.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

class end_history {
 public:
  static constexpr std::size_t minutes = 60;
  static constexpr std::size_t failures_kept = 50;
  using ends = std::array<std::uint32_t, job_ends>;

  void count(const std::string& job_type, job_end end, connector::boot_clock::time_point now);

  // Whether the report of a job with this end is kept.
  static bool keeps(job_end end);
  void keep(end_report report);

  // The ends of each minute of the last hour, the oldest first; the last one is the minute that
  // runs.
  [[nodiscard]] std::map<std::string, std::array<ends, minutes>> by_minute(
      connector::boot_clock::time_point now) const;

  // Jobs that failed, threw an error, or whose end the engine did not take; the newest first.
  [[nodiscard]] const std::deque<end_report>& failures() const { return failures_; }

 private:
  struct ring {
    std::array<ends, minutes> counts{};
    std::array<std::int64_t, minutes> minute{};  // that each place is of
  };
  std::map<std::string, ring> by_type_;
  std::deque<end_report> failures_;
};

}  // namespace worker::jobs
