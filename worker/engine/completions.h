// gRPC's completion queue and the one thread that waits on it. The thread takes all completions
// that are there and posts them to the loop together: one wake-up for many answers, where gRPC's
// callbacks cost one each. Must outlive every call that was begun on the queue.
#pragma once

#include <grpcpp/completion_queue.h>

#include <boost/asio/any_io_executor.hpp>
#include <thread>

namespace worker::engine {

// The tag that a call gives to the queue; the queue returns it when that step has ended.
class completion_tag {
 public:
  completion_tag() = default;
  completion_tag(const completion_tag&) = delete;
  completion_tag& operator=(const completion_tag&) = delete;
  virtual ~completion_tag() = default;
  // Called on the loop's thread. `ok` is gRPC's: false for a read means that the stream has ended.
  virtual void completed(bool ok) = 0;
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
