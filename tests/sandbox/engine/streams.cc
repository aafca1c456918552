#include "tests/sandbox/engine/streams.h"

#include <optional>
#include <utility>

namespace sandbox::engine {

poll_call* poll_call::release(std::shared_ptr<poll_call> call) {
  poll_call* raw = call.get();
  raw->self_ = std::move(call);
  return raw;
}

void poll_call::answer(std::vector<gateway_protocol::ActivateJobsResponse> batches,
                       grpc::Status end) {
  batches_ = std::move(batches);
  end_ = std::move(end);
  next();
}

void poll_call::next() {
  if (at_ < batches_.size()) {
    StartWrite(&batches_[at_]);
  } else {
    Finish(end_);
  }
}

void poll_call::OnWriteDone(bool ok) {
  if (ok) {
    ++at_;
    next();
    return;
  }
  {
    // The client is gone: what it did not get is free for others at once.
    core::turn t(core_);
    for (; at_ < batches_.size(); ++at_) {
      for (const auto& job : batches_[at_].jobs()) t.table().give_back(job.key());
    }
  }
  Finish(grpc::Status::CANCELLED);
}

void poll_call::OnCancel() {
  cancelled = true;
  if (core_.drop(*this) || core_.drop_held(this)) Finish(grpc::Status::CANCELLED);
}

void poll_call::OnDone() { const auto last = std::move(self_); }

stream_call* stream_call::release(std::shared_ptr<stream_call> call) {
  stream_call* raw = call.get();
  raw->self_ = std::move(call);
  return raw;
}

bool stream_call::has_room() {
  std::lock_guard lock(mutex_);
  return !closing_ && unwritten_ < core_.settings().stream_buffer;
}

void stream_call::put(gateway_protocol::ActivatedJob job) {
  std::lock_guard lock(mutex_);
  unwritten_ += job.ByteSizeLong();
  outbox_.push_back(std::move(job));
}

void stream_call::kick() {
  std::optional<grpc::Status> end;
  {
    std::lock_guard lock(mutex_);
    if (busy_ || finished_ || (outbox_.empty() && !closing_)) return;
    if (closing_) {
      finished_ = true;
      end = end_;
    } else {
      busy_ = true;
      writing_ = std::move(outbox_.front());
      outbox_.pop_front();
    }
  }
  // No other thread starts an operation now: busy_ and finished_ keep them off.
  if (end) {
    Finish(*end);
  } else {
    StartWrite(&writing_);
  }
}

void stream_call::close(grpc::Status end) {
  {
    std::lock_guard lock(mutex_);
    if (!closing_) end_ = std::move(end);
    closing_ = true;
    outbox_.clear();  // leased and lost, until the lease is over
  }
  kick();
}

void stream_call::OnWriteDone(bool ok) {
  {
    std::lock_guard lock(mutex_);
    busy_ = false;
    unwritten_ -= writing_.ByteSizeLong();
  }
  if (ok) {
    kick();
  } else {
    OnCancel();
  }
}

void stream_call::OnCancel() {
  cancelled = true;
  core_.drop(*this);
  core_.drop_held(this);
  close(grpc::Status::CANCELLED);
}

void stream_call::OnDone() { const auto last = std::move(self_); }

}  // namespace sandbox::engine
