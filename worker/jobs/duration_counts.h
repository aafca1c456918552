// A histogram of times, with fixed bounds. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace worker::jobs {

// Upper bounds in seconds: OpenTelemetry's for HTTP up to 10 s, then up to the 30 minutes that a
// function may run.
inline constexpr std::array<double, 20> duration_bounds = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1,
    2.5,   5,    7.5,   10,   30,    60,  120,  300, 900,  1800};

struct duration_counts {
  std::array<std::uint64_t, duration_bounds.size()> up_to{};  // not cumulative
  std::uint64_t count = 0;
  double seconds = 0;

  void add(std::chrono::milliseconds took);
};

}  // namespace worker::jobs
