// The conductor: starts the stand-ins, the floor and the worker as processes, lets the peers
// take turns, and measures. One thread; failures throw, and every process is gone afterwards.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
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
  // For the curves: other payloads, several functions, and no figures but the worker's at the
  // points.
  std::size_t payload = 200;
  int functions = 1;
  bool points_alone = false;
};

// `progress` gets a line for people after each round.
figures measure(const plan& how, const std::function<void(const std::string&)>& progress);

}  // namespace bench
