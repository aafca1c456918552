// Who runs the processes, where this engine does only their jobs: it makes the jobs with keys of
// its own, is told what becomes of each, and answers the calls that are not about a job.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox::engine {

// What one command, or the clock, did to one job. Times are the engine's.
struct job_event {
  enum class kind : std::uint8_t {
    activated,
    given_back,  // leased, but its client did not take the answer
    timed_out,   // its lease ran out
    completed,
    failed,
    backoff_over,
    error_thrown,
    incident,
    timeout_updated,
    retries_updated,
    resolved,
    cancelled,
  };
  kind type = kind::activated;
  std::int64_t job = 0;
  std::chrono::milliseconds at{0};
  std::int32_t retries = 0;
  std::chrono::milliseconds until{0};  // end of the lease or of the back-off
  std::string worker;                  // activated
  std::string variables;               // completed, failed, error_thrown: as received
  std::string code;                    // of the error thrown; the type of the incident
  std::string message;                 // of the failure, the error or the incident
  std::chrono::milliseconds backoff{0};
  std::int64_t incident = 0;
};
const char* to_string(job_event::kind type);

// Each member is called under the engine's mutex, from any thread: it may only put what it is told
// into a queue.
class parent {
 public:
  virtual ~parent() = default;
  virtual void happened(job_event event) = 0;
  // A call that this engine does not answer by itself; engine::answer() does, once. `request` is
  // JSON as protobuf writes it.
  virtual void asked(std::uint64_t call, std::string_view rpc, std::string request) = 0;
  // The client of that call is gone, an answer comes too late.
  virtual void gone(std::uint64_t call) = 0;
};

}  // namespace sandbox::engine
