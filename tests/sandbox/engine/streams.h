// The two calls that hand out jobs, as gRPC reactors: a long poll and a stream. Each lives until
// gRPC is done with it and knows the core, which outlives both. gRPC's threads only; operations on
// a call are never started under a mutex, because gRPC may run its callbacks at once.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "proto/gateway.grpc.pb.h"
#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/waiters.h"

namespace sandbox::engine {

class poll_call final : public grpc::ServerWriteReactor<gateway_protocol::ActivateJobsResponse>,
                        public waiting_poll {
 public:
  explicit poll_call(core& c) : core_(c) {}
  // Hands `call` to gRPC, which keeps it until OnDone.
  static poll_call* release(std::shared_ptr<poll_call> call);

  void answer(std::vector<gateway_protocol::ActivateJobsResponse> batches,
              grpc::Status end) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  void next();

  core& core_;
  std::shared_ptr<poll_call> self_;
  std::vector<gateway_protocol::ActivateJobsResponse> batches_;
  std::size_t at_ = 0;
  grpc::Status end_;
};

class stream_call final : public grpc::ServerWriteReactor<gateway_protocol::ActivatedJob>,
                          public open_stream {
 public:
  explicit stream_call(core& c) : core_(c) {}
  static stream_call* release(std::shared_ptr<stream_call> call);

  bool has_room() override;
  void put(gateway_protocol::ActivatedJob job) override;
  void kick() override;
  void close(grpc::Status end) override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  core& core_;
  std::shared_ptr<stream_call> self_;

  std::mutex mutex_;
  std::deque<gateway_protocol::ActivatedJob> outbox_;
  std::size_t unwritten_ = 0;  // bytes, the job being written included
  gateway_protocol::ActivatedJob writing_;
  bool busy_ = false;
  bool closing_ = false;
  bool finished_ = false;
  grpc::Status end_;
};

}  // namespace sandbox::engine
