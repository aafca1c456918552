// Calls that a fault or lost quorum keeps waiting. A unary one is a reactor of its own; a poll or a
// stream waits through a small stand-in on the core's list. The core outlives them all.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <utility>

#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/rejections.h"
#include "tests/sandbox/engine/waiters.h"

namespace sandbox::engine {

class held_unary final : public grpc::ServerUnaryReactor, public held_call {
 public:
  // `apply` carries the command out when the call may go on.
  held_unary(core& c, std::function<grpc::Status()> apply) : core_(c), apply_(std::move(apply)) {
    owner = this;
  }

  static held_unary* release(std::shared_ptr<held_unary> call) {
    held_unary* raw = call.get();
    raw->self_ = std::move(call);
    return raw;
  }

  void resume() override { Finish(apply_()); }
  void time_out() override {
    Finish(
        timed_out(std::chrono::duration_cast<std::chrono::seconds>(core_.settings().command_timeout)
                      .count()));
  }
  void OnCancel() override {
    if (core_.drop_held(this)) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { const auto last = std::move(self_); }

 private:
  core& core_;
  std::function<grpc::Status()> apply_;
  std::shared_ptr<held_unary> self_;
};

// A poll or stream that has not begun. When its client is gone, going on ends it at once.
class held_start final : public held_call {
 public:
  held_start(const void* reactor, std::function<void()> go_on) : go_on_(std::move(go_on)) {
    owner = reactor;
  }
  void resume() override { go_on_(); }
  void time_out() override { go_on_(); }

 private:
  std::function<void()> go_on_;
};

}  // namespace sandbox::engine
