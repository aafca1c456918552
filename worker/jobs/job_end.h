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
  waiting,      // the same while its durable execution runs: a later activation asks about it
  lapsed,       // its activation ended before the call started: nothing was done
  superseded,   // gone at the engine: cancelled, or finished by another worker
  undelivered,  // the engine did not take its command
};

inline constexpr std::size_t job_ends = 8;

// "completed", "handed_back" (for `released`); in metrics and log lines.
std::string_view name_of(job_end end);

// The engine names the tenants, so their number is bounded here.
inline constexpr std::size_t max_tenants = 100;
inline constexpr const char* other_tenants = "(others)";

class job_outcome_counters {
 public:
  using counts = std::map<std::string, std::array<std::uint64_t, job_ends>>;

  void count(const std::string& job_type, const std::string& tenant, job_end end);
  [[nodiscard]] const counts& by_type() const { return by_type_; }
  // At most max_tenants of them; the jobs of further ones count under `other_tenants`.
  [[nodiscard]] const counts& by_tenant() const { return by_tenant_; }
  [[nodiscard]] std::uint64_t total(job_end end) const;

 private:
  counts by_type_;
  counts by_tenant_;
};

}  // namespace worker::jobs
