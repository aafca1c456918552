// What the log says while polls and streams fail. A gateway that cannot be reached is one line in
// half a minute for all job types and both ways to it; any other failure is one line in half a
// minute for its job type, way and status. Loop's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connector/base/clock.h"
#include "worker/engine/library_log.h"
#include "worker/engine/types.h"

namespace worker::jobs {

class gateway_outage {
 public:
  // Advice for an answer, or an empty text.
  using advisor = std::function<std::string(const engine::status&)>;

  explicit gateway_outage(advisor hint = {}) : hint_(std::move(hint)) {}

  void poll_failed(const std::string& type, const engine::status& how);
  void poll_answered();
  // The break of a stream is told when a poll shows that the gateway can be reached.
  void stream_broke(const std::string& type, const engine::status& how);

 private:
  // Whether a line was written.
  bool tell(std::string_view message, const std::string& key, const std::string& type,
            const engine::status& how);

  advisor hint_;
  engine::log_rate_limit lines_;
  // Since the first poll that failed after the last answer.
  std::optional<connector::boot_clock::time_point> since_;
  bool told_ = false;  // a line was written about it
  bool was_there_ = false;
  std::map<std::string, engine::status> broken_streams_;  // by type, not told yet
};

}  // namespace worker::jobs
