#include "tests/sandbox/engine/forwarded.h"

#include <google/protobuf/util/json_util.h>

#include <utility>

#include "tests/sandbox/engine/parent.h"
#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {

std::uint64_t forwarded_book::add(std::shared_ptr<forwarded_call> call) {
  std::lock_guard lock(mutex_);
  waiting_[++last_] = std::move(call);
  return last_;
}

std::shared_ptr<forwarded_call> forwarded_book::take(std::uint64_t id) {
  std::lock_guard lock(mutex_);
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return nullptr;
  auto call = std::move(found->second);
  waiting_.erase(found);
  return call;
}

forwarded_call::forwarded_call(core& c, forwarded_book& book, std::string_view rpc,
                               std::string request, google::protobuf::Message* response)
    : core_(c), book_(book), rpc_(rpc), request_(std::move(request)), response_(response) {
  owner = this;
}

forwarded_call* forwarded_call::release(std::shared_ptr<forwarded_call> call) {
  forwarded_call* raw = call.get();
  raw->self_ = std::move(call);
  return raw;
}

void forwarded_call::begin() {
  const std::uint64_t id = book_.add(self_);
  id_ = id;
  core_.settings().parent->asked(id, rpc_, std::move(request_));
}

void forwarded_call::answer(grpc::Status status, const std::string& response_json) {
  if (status.ok()) {
    const auto read = google::protobuf::util::JsonStringToMessage(response_json, response_);
    if (!read.ok()) status = {grpc::StatusCode::INTERNAL, std::string(read.message())};
  }
  Finish(status);
}

void forwarded_call::resume() {
  core::turn t(core_);
  begin();
}

void forwarded_call::time_out() {
  const auto limit = core_.settings().command_timeout;
  Finish(timed_out(std::chrono::duration_cast<std::chrono::seconds>(limit).count()));
}

void forwarded_call::OnCancel() {
  if (core_.drop_held(this)) {
    Finish(grpc::Status::CANCELLED);
  } else if (book_.take(id_)) {
    core_.settings().parent->gone(id_);
    Finish(grpc::Status::CANCELLED);
  }
}

void forwarded_call::OnDone() { const auto last = std::move(self_); }

}  // namespace sandbox::engine
