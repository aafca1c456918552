// The processes that take part, and how each is started. One thread; failures throw.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/counts.h"
#include "tests/bench/plan.h"
#include "tests/sandbox/process/child_process.h"

namespace bench {

inline constexpr std::chrono::milliseconds sampling{10};
inline constexpr std::chrono::milliseconds answer_time{10000};
inline constexpr std::chrono::milliseconds start_time{20000};

// Lets time pass while something is measured.
void wait(std::chrono::milliseconds time);

// The process of the stand-ins and where they are reached.
class stand_in_process {
 public:
  stand_in_process(const plan& how, std::chrono::milliseconds delay);

  counts look();
  void keep_waiting(int jobs);
  // So many new jobs a second, whatever waits.
  void make_jobs(int per_second);
  // How long the jobs were out that were completed since the last call, in microseconds.
  latency_figures take_times();
  void stop_engine();
  void start_engine();

  const std::string ca_file;
  std::string gateway_port;
  std::string lambda_port;
  std::string region;
  std::string key_id;
  std::string secret;
  sandbox::child_process process;

 private:
  std::string ask(const std::string& line);
};

sandbox::program floor_program(const plan& how, const stand_in_process& others, int in_flight);
// As an operator would start it: by environment, and nothing but what is needed. `more`:
// NAME=value.
sandbox::program worker_program(const plan& how, const stand_in_process& others, int in_flight,
                                const std::vector<std::string>& more = {});
sandbox::program peer_program(const plan& how, const stand_in_process& others, int in_flight);

}  // namespace bench
