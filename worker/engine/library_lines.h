// What gRPC and protobuf would print on stderr goes through our log: one line of the same place in
// a source every half minute, with the number of those that were left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "connector/base/clock.h"

namespace worker::engine {

// Which lines are written. Pure.
class line_limit {
 public:
  using time_point = connector::boot_clock::time_point;
  // How many of that place were left out since its last one, or nothing: leave this one out.
  std::optional<std::uint64_t> admits(const std::string& place, time_point now);

 private:
  struct seen {
    time_point last;
    std::uint64_t left_out = 0;
  };
  std::map<std::string, seen> places_;
};

// From now on they are kept, at most 64 of them; any thread may print. Before gRPC starts.
void keep_library_lines();

// Writes those that were kept since. Loop's thread; costs nothing when there are none.
void write_library_lines();

}  // namespace worker::engine
