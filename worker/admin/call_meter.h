// Counts the calls behind the door: a service that passes each call on and notes its time and its
// result. Both must outlive the calls. Loop's thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "connector/connector.h"

namespace worker::admin {

// Upper bounds in seconds: OpenTelemetry's for HTTP up to 10 s, then up to the 30 minutes that a
// function may run.
inline constexpr std::array<double, 20> call_bounds = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
                                                       0.5,   0.75, 1,     2.5,  5,     7.5, 10,
                                                       30,    60,   120,   300,  900,   1800};

struct duration_counts {
  std::array<std::uint64_t, call_bounds.size()> up_to{};  // not cumulative
  std::uint64_t count = 0;
  double seconds = 0;

  void add(std::chrono::milliseconds took);
};

class call_meter {
 public:
  void ended(connector::operation_id what, const connector::outcome& how);
  // A request is sent again within the same activation after an error of this code.
  void repeated(connector::error_code after) { ++repeats_[std::string(connector::name_of(after))]; }

  // By operation: the times of its calls, retries within them included.
  [[nodiscard]] const std::map<std::string, duration_counts>& durations() const {
    return durations_;
  }
  // By operation and result: OK, FUNCTION_ERROR or an error code.
  [[nodiscard]] const std::map<std::pair<std::string, std::string>, std::uint64_t>& results()
      const {
    return results_;
  }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& repeats() const { return repeats_; }

 private:
  std::map<std::string, duration_counts> durations_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> results_;
  std::map<std::string, std::uint64_t> repeats_;
};

std::unique_ptr<connector::service> metered(std::unique_ptr<connector::service> inner,
                                            call_meter& meter);

}  // namespace worker::admin
