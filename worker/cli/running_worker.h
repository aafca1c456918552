// The worker that runs in the same container, found by its command line in /proc. `healthcheck`
// needs its flags: they may say where the admin port is. Reads files of /proc only.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace worker::cli {

struct running_worker {
  long process = 0;
  std::vector<std::string> flags;  // of `run`, without the command itself
};

// Process 1 when it is a worker, else the only worker there is. Nothing when there is none, or when
// there are several: then nobody can know which one is meant. `self` is left out.
std::optional<running_worker> find_running_worker(const std::string& proc, long self);

}  // namespace worker::cli
