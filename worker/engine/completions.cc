#include "worker/engine/completions.h"

#include <grpc/support/time.h>

#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace worker::engine {

namespace {

// The loop does other work between two batches.
constexpr std::size_t max_batch = 64;

struct completion {
  completion_tag* tag = nullptr;
  bool ok = false;
};

}  // namespace

completions::completions(boost::asio::any_io_executor loop)
    : loop_(std::move(loop)), thread_([this] { serve(); }) {}

completions::~completions() {
  queue_.Shutdown();
  thread_.join();
}

void completions::serve() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    std::vector<completion> batch;
    bool more = true;
    while (more) {
      batch.push_back({static_cast<completion_tag*>(tag), ok});
      more = batch.size() < max_batch &&
             queue_.AsyncNext(&tag, &ok, gpr_time_0(GPR_CLOCK_MONOTONIC)) ==
                 grpc::CompletionQueue::GOT_EVENT;
    }
    boost::asio::post(loop_, [batch = std::move(batch)] {
      for (const auto& one : batch) one.tag->completed(one.ok);
    });
  }
}

}  // namespace worker::engine
