// How a job can end here, as a closed list, and a counter for each end. Every activated job ends in
// exactly one of them. Loop's thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace worker::jobs {

enum class job_end {
  completed,
  failed,
  bpmn_error,
  released,     // failed with unchanged retries, so that another activation runs it
  lapsed,       // its activation ended before the call started: nothing was done
  superseded,   // gone at the engine: cancelled, or finished by another worker
  undelivered,  // the engine did not take its command
};

inline constexpr std::size_t job_ends = 7;

// "completed", "handed_back" (for `released`); in metrics and log lines.
std::string_view name_of(job_end end);

class job_outcome_counters {
 public:
  void count(const std::string& job_type, job_end end) {
    ++by_type_[job_type].at(static_cast<std::size_t>(end));
  }
  [[nodiscard]] const std::map<std::string, std::array<std::uint64_t, job_ends>>& by_type() const {
    return by_type_;
  }
  [[nodiscard]] std::uint64_t total(job_end end) const;

 private:
  std::map<std::string, std::array<std::uint64_t, job_ends>> by_type_;
};

}  // namespace worker::jobs
