// The kernel's figures of this process that all Prometheus clients show. Linux only; a figure that
// cannot be read is 0. Any thread.
#pragma once

#include <cstdint>

namespace worker::admin {

struct process_figures {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_files = 0;
  std::uint64_t max_files = 0;
  std::uint64_t threads = 0;
  double started_at = 0;  // seconds since the epoch
};

process_figures look_at_process();

}  // namespace worker::admin
