// gRPC's completion queue and the one thread that waits on it. It takes all that has happened and
// posts it to the loop at once: one wake-up for many answers, where gRPC's callbacks cost one each.
// Must outlive every call begun on the queue; dropped after the last of them has come back.
#pragma once

#include <grpcpp/completion_queue.h>

#include <boost/asio/any_io_executor.hpp>
#include <thread>

namespace worker::engine {

// A tag of the queue.
class event {
 public:
  event() = default;
  event(const event&) = delete;
  event& operator=(const event&) = delete;
  virtual ~event() = default;
  // On the loop's thread. `ok` as gRPC says it: false for a read means that the stream is at its
  // end.
  virtual void happened(bool ok) = 0;
};

class completions {
 public:
  explicit completions(boost::asio::any_io_executor loop);
  ~completions();
  completions(const completions&) = delete;
  completions& operator=(const completions&) = delete;

  [[nodiscard]] const boost::asio::any_io_executor& loop() const { return loop_; }
  [[nodiscard]] grpc::CompletionQueue* queue() { return &queue_; }

 private:
  void serve();

  boost::asio::any_io_executor loop_;
  grpc::CompletionQueue queue_;
  std::thread thread_;
};

}  // namespace worker::engine
