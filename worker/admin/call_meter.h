// Counts the calls behind the door: a service that passes each call on and notes its time and its
// result. Both must outlive the calls. Loop's thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "connector/connector.h"
#include "worker/jobs/duration_counts.h"

namespace worker::admin {

class call_meter {
 public:
  void ended(connector::operation_id operation, const connector::outcome& how);
  // A request is sent again within the same activation after an error of this code.
  void repeated(connector::error_code after) { ++repeats_[std::string(connector::name_of(after))]; }

  // By operation: the times of its calls, retries within them included.
  [[nodiscard]] const std::map<std::string, jobs::duration_counts>& durations() const {
    return durations_;
  }
  // By operation and result: OK, FUNCTION_ERROR or an error code.
  [[nodiscard]] const std::map<std::pair<std::string, std::string>, std::uint64_t>& results()
      const {
    return results_;
  }
  [[nodiscard]] const std::map<std::string, std::uint64_t>& repeats() const { return repeats_; }

 private:
  std::map<std::string, jobs::duration_counts> durations_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> results_;
  std::map<std::string, std::uint64_t> repeats_;
};

std::unique_ptr<connector::service> metered(std::unique_ptr<connector::service> inner,
                                            call_meter& meter);

}  // namespace worker::admin
