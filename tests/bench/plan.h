// What a run of the benchmark does, and where it finds what it needs. Plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/figures.h"

namespace bench {

struct plan {
  std::filesystem::path self;    // this program, for the roles
  std::filesystem::path worker;  // lambda-connector; empty: the floor alone
  std::filesystem::path peer;    // the Go worker of peers/go; empty: it is left out
  std::string without_peer;      // why, for people
  std::filesystem::path folder;  // for logs and the CA file
  std::vector<point> points;
  int rounds = 3;
  std::chrono::milliseconds warm_up{700};
  std::chrono::milliseconds measured{2500};
  std::chrono::milliseconds idle{3000};
  int starts = 5;
  // For the curves: what the jobs are, and no figures but the worker's at the points.
  std::size_t payload = 200;
  int functions = 1;
  int types = 1;
  int secrets = 0;         // of which each job names one
  int account_limit = 0;   // calls at once that Lambda takes; 0: any number
  bool time_jobs = false;  // the stand-ins tell how long each was out
  bool points_alone = false;
  bool with_loads = false;  // jobs that arrive at a rate (loads.h)
};

}  // namespace bench
