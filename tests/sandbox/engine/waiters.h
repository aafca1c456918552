// Calls that wait inside the engine, as its core sees them: long polls, streams and calls that a
// fault holds. Each is owned by its call and by the core's list; who takes it off the list answers
// it, outside the core's mutex, so exactly once.
#pragma once

#include <grpcpp/support/status.h>

#include <atomic>
#include <optional>
#include <vector>

#include "proto/gateway.pb.h"
#include "tests/sandbox/engine/faults.h"
#include "tests/sandbox/engine/job_table.h"

namespace sandbox::engine {

class waiting_poll {
 public:
  virtual ~waiting_poll() = default;
  // Never under the core's mutex.
  virtual void answer(std::vector<gateway_protocol::ActivateJobsResponse> batches,
                      grpc::Status end) = 0;

  activation wanted;
  int max_jobs = 0;
  milliseconds timeout{0};  // negative: does not wait
  milliseconds until{0};
  std::atomic<bool> cancelled{false};
};

class open_stream {
 public:
  virtual ~open_stream() = default;
  // Under the core's mutex; must not call gRPC.
  virtual bool has_room() = 0;
  virtual void put(gateway_protocol::ActivatedJob job) = 0;
  // Never under the core's mutex: sends what was put.
  virtual void kick() = 0;
  virtual void close(grpc::Status end) = 0;

  activation wanted;
  std::atomic<bool> cancelled{false};
};

class held_call {
 public:
  virtual ~held_call() = default;
  // Never under the core's mutex. One of the two is called, once.
  virtual void resume() = 0;
  virtual void time_out() = 0;

  rpc which = rpc::topology;
  const void* owner = nullptr;        // the reactor that waits
  bool for_quorum = false;            // held by lost quorum rather than by a fault
  std::optional<milliseconds> until;  // engine's clock
};

}  // namespace sandbox::engine
