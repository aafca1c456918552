// Names to addresses by the system's own way (getaddrinfo: hosts file, DNS, search order and
// preference as configured there). It cannot be broken off, so each look-up has a thread of its
// own: a silent name keeps no other waiting, and nothing waits for its thread, not even the
// end of the process. A thread shares nothing with the loop but a socket, into which it writes what
// it found. Shared by the look-ups under way; loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/http/recent_set.h"
#include "connector/http/resolver.h"

struct addrinfo;  // the system's

namespace connector::http {

class name_threads : public std::enable_shared_from_this<name_threads> {
 public:
  struct bounds {
    std::size_t threads = 48;
    // So many of the threads are kept for names that were resolved before. The names of the
    // services that the worker needs are among them, whatever names the jobs bring.
    std::size_t reserved = 16;
    std::size_t waiting = 1000;
    std::chrono::milliseconds longest{10'000};  // from asking to the answer
  };

  // getaddrinfo, for TCP; called on a thread. Its copies may outlive everything here.
  using asker = std::function<int(const char* host, addrinfo** found)>;

  explicit name_threads(boost::asio::any_io_executor loop);
  name_threads(boost::asio::any_io_executor loop, const bounds& most, asker ask);
  ~name_threads();

  // Only on a std::shared_ptr. A name has one thread at a time, however many ask for it.
  boost::asio::awaitable<result<addresses>> look_up(std::string host);

  [[nodiscard]] std::size_t threads() const { return running_.size(); }

 private:
  struct journey {
    std::string host;
    bool started = false;
    std::optional<result<addresses>> found;
    std::vector<boost::asio::steady_timer*> waiting;
  };
  class queue_place;
  using journey_pointer = std::shared_ptr<journey>;

  void open_channel();
  void start_more();
  bool start(const journey_pointer& one);
  void listen();
  void take_in();
  void end(const journey_pointer& one, result<addresses> found);
  void leave(const journey_pointer& from, boost::asio::steady_timer* gate);

  boost::asio::any_io_executor loop_;
  const bounds most_;
  const asker ask_;
  std::map<std::string, journey_pointer> by_name_;
  std::map<std::uint64_t, journey_pointer> running_;
  std::deque<journey_pointer> queue_;
  recent_set<std::string> answering_{1000};
  std::optional<boost::asio::posix::stream_descriptor> results_;
  std::shared_ptr<const int> writer_;  // the threads' end; closed with the last reference
  std::uint64_t last_ = 0;
  std::size_t waiters_ = 0;
  bool listening_ = false;
};

}  // namespace connector::http
