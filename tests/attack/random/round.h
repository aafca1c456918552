// One round of the random attack: a new engine, a new Lambda and a new worker process, jobs and
// faults from one seed for some time, then calm, and what is wrong with every job and every output.
// Bounded in time and in what it keeps: a long attack is many rounds.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace attack {

struct round_report {
  std::uint64_t jobs = 0;
  std::uint64_t completed = 0;
  std::uint64_t incidents = 0;
  std::uint64_t thrown = 0;
  std::uint64_t activations = 0;
  std::uint64_t runs = 0;  // of functions
  std::uint64_t faults = 0;
  double worker_mb = 0;  // at most
  std::vector<std::string> wrong;
  std::string worker_log;  // when something is wrong
};

round_report play_round(std::uint64_t seed, std::chrono::milliseconds time);

}  // namespace attack
