// gRPC's completion queue. Its completions reach the calls on the loop. Must outlive every call
// that was begun on the queue. Loop's thread.
//
// The loop itself does gRPC's work where it can: it watches the epoll set in which gRPC waits for
// its sockets, and takes from the queue what is there. A thread of its own for the queue costs a
// job two wake-ups, and the two threads get in each other's way at gRPC's locks: a fifth of a job's
// processor time. Where the epoll set is not known (library_start.h) a thread waits on the queue
// and posts to the loop.
#pragma once

#include <grpcpp/completion_queue.h>

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>

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
  // `epoll_set`: gRPC's; nothing: a thread waits.
  completions(boost::asio::any_io_executor loop, std::optional<int> epoll_set);
  ~completions();
  completions(const completions&) = delete;
  completions& operator=(const completions&) = delete;

  [[nodiscard]] const boost::asio::any_io_executor& loop() const { return loop_; }
  [[nodiscard]] grpc::CompletionQueue* queue() { return &queue_; }

  // Of one call. The queue is looked at only while there are calls, so that it keeps no loop
  // running.
  void call_begins();
  void call_ended();
  // Steps of a call were begun or cancelled: they may have ended at once.
  void look_soon();

 private:
  class on_thread;
  class on_loop;

  const boost::asio::any_io_executor loop_;
  grpc::CompletionQueue queue_;
  // One of the two.
  std::unique_ptr<on_thread> thread_;
  std::shared_ptr<on_loop> watch_;
};

}  // namespace worker::engine
