// The process with the engine and Lambda of the sandbox. Read by the conductor over a pipe: one
// line there, one line back (counts.h). Ends when its input does.
//   counts       -> counts
//   backlog N    -> "ok"; from now on at least N jobs wait for the client that asks
//   rate N       -> "ok"; N jobs are made a second, whatever waits
//   times        -> how long the jobs were out that were completed since the last one: their
//   number,
//                   and 50th and 99th percentile in microseconds
//   stop-engine, start-engine -> "ok"; the jobs stay
//   first-poll   -> "ready" at once, counts at the moment of the next ActivateJobs
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace bench {

struct stand_in_settings {
  std::chrono::milliseconds delay{0};  // how long the function runs
  std::string ca_file;                 // the authority is written here as PEM
  std::size_t payload = 200;           // bytes that a function gets and answers
  int functions = 1;                   // that the jobs call in turns
  int types = 1;                       // of jobs
  int secrets = 0;                     // of which each job names one
  int account_limit = 0;               // calls at once; one more is throttled. 0: any number
  bool time_jobs = false;              // for the command times, which costs a little
};

std::string job_type_name(int number);
std::string secret_name(int number);

// First line out: "<gateway port> <Lambda port> <region> <access key id> <secret>".
int run_stand_ins(const stand_in_settings& how);

}  // namespace bench
