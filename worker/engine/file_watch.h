// Finds out when files have been replaced or rewritten. Two files of one pair are written one after
// the other, so a state counts when two looks have seen it. Reads no content; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/base/clock.h"
#include "connector/base/file_text.h"

namespace worker::engine {

class file_watch {
 public:
  using time_point = connector::boot_clock::time_point;
  // Remembers the files as they are now.
  explicit file_watch(std::vector<std::string> paths);

  // True once for each state of the files that lasted from one look to the next. Looks at most once
  // a second; without files never.
  bool changed(time_point now);

 private:
  using state = std::vector<std::optional<connector::file_stamp>>;
  [[nodiscard]] state look() const;

  std::vector<std::string> paths_;
  state taken_;  // the state that the caller knows
  state seen_;   // by the last look
  std::optional<time_point> looked_;
};

}  // namespace worker::engine
