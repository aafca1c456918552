// Calls that a parent answers (parent.h): a unary call that waits for it, and the book of those
// that do. gRPC's threads and the parent's meet here; the thread that takes a call out of the book
// finishes it.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/waiters.h"

namespace sandbox::engine {

class forwarded_call;

class forwarded_book {
 public:
  std::uint64_t add(std::shared_ptr<forwarded_call> call);
  std::shared_ptr<forwarded_call> take(std::uint64_t id);

 private:
  std::mutex mutex_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<forwarded_call>> waiting_;
};

// Lives until gRPC is done with it; `response` is gRPC's until then. Core and book outlive it.
class forwarded_call final : public grpc::ServerUnaryReactor, public held_call {
 public:
  forwarded_call(core& c, forwarded_book& book, std::string_view rpc, std::string request,
                 google::protobuf::Message* response);

  static forwarded_call* release(std::shared_ptr<forwarded_call> call);
  // Asks the parent. Under the core's mutex.
  void begin();
  // What the parent says; a response of another rpc is INTERNAL. Outside the book.
  void answer(grpc::Status status, const std::string& response_json);

  void resume() override;
  void time_out() override;
  void OnCancel() override;
  void OnDone() override;

 private:
  core& core_;
  forwarded_book& book_;
  const std::string_view rpc_;
  std::string request_;
  google::protobuf::Message* const response_;
  std::atomic<std::uint64_t> id_{0};
  std::shared_ptr<forwarded_call> self_;
};

}  // namespace sandbox::engine
