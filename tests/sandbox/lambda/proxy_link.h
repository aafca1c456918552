// One connection through the fault proxy: two sockets and two directions, each passing bytes on as
// the faults allow. Lives on the proxy's thread; the board outlives it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>

#include "tests/sandbox/lambda/fault_proxy.h"

namespace sandbox {

class proxy_link;

// What the links of one proxy share.
struct proxy_board {
  mutable std::mutex guard;  // of the rest but `links`
  mutable std::condition_variable change;
  proxy_counts counts;
  fault faults[2];  // by direction
  std::uint16_t target = 0;
  std::unordered_set<proxy_link*> links;  // on the proxy's thread only

  fault current(direction where) const;
};

class proxy_link {
 public:
  using tcp = boost::asio::ip::tcp;

  proxy_link(tcp::socket accepted, boost::asio::io_context& io, proxy_board& board);
  ~proxy_link();
  proxy_link(const proxy_link&) = delete;
  proxy_link& operator=(const proxy_link&) = delete;

  // Connects to the target and pumps both ways; the coroutines hold the link.
  static boost::asio::awaitable<void> run(std::shared_ptr<proxy_link> self);
  void end(bool reset);
  // Looks at the faults again.
  void wake();

 private:
  static boost::asio::awaitable<void> pump(std::shared_ptr<proxy_link> self, direction where);
  // False: this direction is over.
  boost::asio::awaitable<bool> pass(direction where, const std::string& bytes);
  // What holds at this count of bytes. True: this direction is over.
  bool bound_reached(direction where);

  proxy_board& board_;
  tcp::socket client_;
  tcp::socket target_;
  boost::asio::steady_timer waiting_[2];  // of a stalled or slow direction
  std::size_t passed_[2] = {0, 0};
  int pumping_ = 2;
  bool ended_ = false;
};

}  // namespace sandbox
