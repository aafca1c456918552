#include "worker/engine/completions.h"

#include <fcntl.h>
#include <grpc/support/time.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace worker::engine {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

// The loop does other work between two batches.
constexpr std::size_t max_batch = 64;

struct completion {
  completion_tag* tag = nullptr;
  bool ok = false;
};

// Without a wait. Where nothing is in the queue, gRPC looks at its sockets once.
bool take_one(grpc::CompletionQueue& from, completion& into) {
  void* tag = nullptr;
  if (from.AsyncNext(&tag, &into.ok, gpr_time_0(GPR_CLOCK_MONOTONIC)) !=
      grpc::CompletionQueue::GOT_EVENT) {
    return false;
  }
  into.tag = static_cast<completion_tag*>(tag);
  return true;
}

}  // namespace

class completions::on_thread {
 public:
  explicit on_thread(completions& of) : of_(of), thread_([this] { serve(); }) {}
  // The queue was shut down.
  ~on_thread() { thread_.join(); }
  on_thread(const on_thread&) = delete;
  on_thread& operator=(const on_thread&) = delete;

 private:
  // Takes all completions that are there and posts them together: one wake-up for many answers.
  void serve() {
    void* tag = nullptr;
    bool ok = false;
    while (of_.queue_.Next(&tag, &ok)) {
      std::vector<completion> batch{{static_cast<completion_tag*>(tag), ok}};
      completion next;
      while (batch.size() < max_batch && take_one(of_.queue_, next)) batch.push_back(next);
      asio::post(of_.loop_, [batch = std::move(batch)] {
        for (const auto& one : batch) one.tag->completed(one.ok);
      });
    }
  }

  completions& of_;
  std::thread thread_;
};

// Handlers of the loop may come after the end of the owner; they find no shared state then.
class completions::on_loop : public std::enable_shared_from_this<on_loop> {
 public:
  // Takes the descriptor.
  on_loop(completions& of, int epoll_set)
      : of_(of), sockets_(of.loop_, epoll_set), look_again_(of.loop_) {}

  void call_begins() {
    between_looks_ = shortest;
    if (calls_++ > 0) return;
    // While there was no call nothing was looked at, and a connection may have ended meanwhile: the
    // call would begin on it. The queue itself is empty.
    look();
    watch();
    look_later();
  }

  void call_ended() {
    if (--calls_ > 0) return;
    error_code ignored;
    sockets_.cancel(ignored);
    look_again_.cancel();
  }

  void look_soon() {
    if (looks_ || std::exchange(look_is_due_, true)) return;
    asio::post(of_.loop_, [weak = weak_from_this()] {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->look_is_due_ = false;
      self->look();
    });
  }

 private:
  // Completions that other threads of gRPC bring about (the end of a call's time, a connection that
  // cannot be opened) make no socket ready. They are found after this time; the longer no call
  // begins, the later.
  static constexpr milliseconds shortest{50};
  static constexpr milliseconds longest{400};

  void watch() {
    if (std::exchange(watches_, true)) return;
    sockets_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [weak = weak_from_this()](const error_code& failed) {
                          const auto self = weak.lock();
                          if (self == nullptr) return;
                          self->watches_ = false;
                          if (!failed) self->look();
                          if (self->calls_ > 0) self->watch();
                        });
  }

  void look_later() {
    look_again_.expires_after(between_looks_);
    between_looks_ = std::min(2 * between_looks_, longest);
    look_again_.async_wait([weak = weak_from_this()](const error_code& failed) {
      const auto self = weak.lock();
      if (failed || self == nullptr || self->calls_ == 0) return;
      self->look();
      if (self->calls_ > 0) self->look_later();
    });
  }

  void look() {
    // Within a completion that begins the next call: the loop below goes on.
    if (looks_) return;
    looks_ = true;
    std::size_t taken = 0;
    for (; taken < max_batch; ++taken) {
      completion next;
      // Twice: gRPC reads one ready socket at a time, and may have had two.
      if (!take_one(of_.queue_, next) && !take_one(of_.queue_, next)) break;
      next.tag->completed(next.ok);
    }
    looks_ = false;
    if (taken == max_batch) look_soon();
  }

  completions& of_;
  asio::posix::stream_descriptor sockets_;
  asio::steady_timer look_again_;
  milliseconds between_looks_ = shortest;
  std::size_t calls_ = 0;
  bool watches_ = false;
  bool looks_ = false;
  bool look_is_due_ = false;
};

completions::completions(asio::any_io_executor loop, std::optional<int> epoll_set)
    : loop_(std::move(loop)) {
  const int own = epoll_set ? ::fcntl(*epoll_set, F_DUPFD_CLOEXEC, 0) : -1;
  if (own >= 0) {
    watch_ = std::make_shared<on_loop>(*this, own);
  } else {
    thread_ = std::make_unique<on_thread>(*this);
  }
}

completions::~completions() {
  watch_.reset();
  queue_.Shutdown();
  thread_.reset();
  void* tag = nullptr;
  bool ok = false;
  // A queue must be empty when it is destroyed.
  while (queue_.Next(&tag, &ok)) continue;
}

void completions::call_begins() {
  if (watch_) watch_->call_begins();
}

void completions::call_ended() {
  if (watch_) watch_->call_ended();
}

void completions::look_soon() {
  if (watch_) watch_->look_soon();
}

}  // namespace worker::engine
