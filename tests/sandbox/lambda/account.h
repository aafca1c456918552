// What happened at the embedded Lambda: counters and, when switched on, every call in full.
// All members may be called from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tests/sandbox/lambda/function.h"

namespace sandbox {

struct tally {
  std::uint64_t requests = 0;    // invoke requests that passed the signature check
  std::uint64_t executions = 0;  // times the function ran (Event too; never for DryRun)
  std::uint64_t bytes_in = 0;    // payloads
  std::uint64_t bytes_out = 0;   // answers' bodies
};

struct totals {
  std::uint64_t connections = 0;       // TCP connections accepted
  std::uint64_t handshakes = 0;        // TLS handshakes finished
  std::uint64_t resumptions = 0;       // of these, resumed sessions
  std::uint64_t requests = 0;          // HTTP requests read, of any kind
  std::uint64_t refused = 0;           // requests without a good signature
  std::uint64_t executions = 0;        // function runs
  std::uint64_t open_connections = 0;  // now
  std::uint64_t running = 0;           // function runs that have not answered yet
};

// A call as it came in, with the status it was answered with (0: not by a status, see wire.h).
struct recorded_call {
  invocation request;
  int status = 0;
  bool executed = false;
};

class account {
 public:
  // `record`: keep every call. `count_jobs`: keep a tally for each job key.
  account(bool record, bool count_jobs);

  totals counted() const;
  tally function(std::string_view name) const;
  tally job(std::string_view job_key) const;
  std::map<std::string, tally> functions() const;
  std::map<std::string, tally> jobs() const;
  std::vector<recorded_call> invocations() const;
  // Messages of refused requests, oldest first, at most 100.
  std::vector<std::string> refusals() const;
  // Counters and records back to zero; open_connections and running stay.
  void reset();

  // Waits until the predicate holds, looking after every change; false when the time is over.
  bool wait_for(const std::function<bool(const totals&)>& done,
                std::chrono::milliseconds limit) const;

  // The server's side.
  void connection_opened();
  void connection_closed();
  void handshake_done(bool resumed);
  void request_read();
  void request_refused(const std::string& message);
  // Counts a request and gives its attempt number for the job key.
  std::uint64_t invoke_requested(const invocation& request);
  void invoke_started(const invocation& request);
  void invoke_finished(const invocation& request, int status, std::size_t bytes_out, bool executed);

 private:
  struct string_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept;
  };
  using tallies = std::unordered_map<std::string, tally, string_hash, std::equal_to<>>;

  tally& of(tallies& table, std::string_view key);
  void changed();

  const bool record_;
  const bool count_jobs_;
  mutable std::mutex guard_;
  mutable std::condition_variable change_;
  mutable int waiting_ = 0;
  totals totals_;
  tallies functions_;
  tallies jobs_;
  std::unordered_map<std::string, std::uint64_t, string_hash, std::equal_to<>> attempts_;
  std::vector<recorded_call> calls_;
  std::vector<std::string> refusals_;
};

}  // namespace sandbox
