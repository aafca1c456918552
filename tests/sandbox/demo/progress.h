// Shows how far the demo is: one line that is written again and again on a terminal, else a line
// now and then. One thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "tests/sandbox/engine/job.h"

namespace sandbox::demo {

class progress {
 public:
  progress();
  // Every look; it decides itself whether there is something to print.
  void show(const engine::job_totals& jobs);
  // The last line stays, and what follows begins on a new one.
  void end(const engine::job_totals& jobs);

 private:
  using clock = std::chrono::steady_clock;
  void print(const engine::job_totals& jobs) const;

  const bool terminal_;
  const clock::time_point begin_ = clock::now();
  clock::time_point next_ = begin_;
};

}  // namespace sandbox::demo
