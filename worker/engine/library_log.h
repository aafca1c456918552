// Lines that gRPC and protobuf would print on stderr go through our log: of each place in a source
// file one line every half minute, with the number of lines that were left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "connector/base/clock.h"

namespace worker::engine {

// Decides which lines are written. Pure.
class log_rate_limit {
 public:
  using time_point = connector::boot_clock::time_point;
  // How many lines of that place were left out since the last one; nothing: leave this one out.
  std::optional<std::uint64_t> admit(const std::string& place, time_point now);

 private:
  struct place_state {
    time_point last;
    std::uint64_t left_out = 0;
  };
  std::map<std::string, place_state> places_;
};

// From now on the lines are kept, at most 64 of them. To be called before gRPC starts; the
// libraries may print on any thread.
void capture_library_log();

// Writes the lines that were kept since the last call; costs nothing when there are none. Loop's
// thread.
void write_library_log();

}  // namespace worker::engine
