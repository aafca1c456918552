// What the stand-ins have counted at one moment, as it crosses the pipe to the conductor: one line
// of JSON. Plain values.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace bench {

struct counts {
  std::chrono::nanoseconds at{0};  // steady clock, which all processes of a machine share
  std::uint64_t completed = 0;
  std::uint64_t incidents = 0;
  std::uint64_t fails = 0;        // FailJob accepted, of them
  std::uint64_t hand_backs = 0;   // those of a worker that could not start the job
  std::uint64_t expired = 0;      // activations that ran out
  std::uint64_t activated = 0;    // jobs that are out now
  std::uint64_t polled = 0;       // activations by ActivateJobs
  std::uint64_t pushed = 0;       // activations by StreamActivatedJobs
  std::uint64_t polls = 0;        // ActivateJobs received
  std::uint64_t connections = 0;  // accepted by Lambda
  std::uint64_t streams = 0;      // open now
  std::uint64_t throttled = 0;    // calls that Lambda refused for the account's limit
  std::uint64_t requests = 0;     // HTTP requests read by Lambda
};

std::string to_line(const counts& from);
// Throws std::runtime_error when to_line did not write the line.
counts counts_of(const std::string& line);

}  // namespace bench
