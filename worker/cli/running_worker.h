// The worker that runs in the same container, found by its command line in /proc. `healthcheck`
// needs its flags: they may say where the admin port is. Reads files of /proc only.
#pragma once

#include <string>
#include <vector>

namespace worker::cli {

struct running_worker {
  long process = 0;
  std::vector<std::string> flags;  // of `run`, without the command itself
};

// Process 1 alone when it is a worker, else all that there are, by their numbers. `self` is left
// out.
std::vector<running_worker> find_running_workers(const std::string& proc, long self);

// Which worker a health check is about that has no flags of its own.
struct health_target {
  std::vector<std::string> flags;  // of the worker
  std::string doubt;               // not empty: it cannot be known; for people, with what to do
};

// Of several workers with the same flags, environment and configuration file decide.
health_target health_target_of(const std::vector<running_worker>& found);

}  // namespace worker::cli
