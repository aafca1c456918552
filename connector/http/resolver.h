// Names to addresses. One look-up per name at a time, however many ask, and its answer serves for a
// few seconds. Each caller stops waiting at its own limit. Shared by the pool and
// the look-ups under way; loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/clock.h"
#include "connector/http/client.h"

namespace connector::http {

using addresses = std::vector<boost::asio::ip::address>;

// The order in which addresses are tried (RFC 8305 4): the families take turns, beginning with that
// of the first one, and each keeps its own order, so that a family without a route costs one limit
// and not one for each of its addresses. At most 16, each once. Pure.
addresses in_turns(const addresses& all);

// How a name is looked up: its addresses in the system's order of preference, or a failure of kind
// `resolve`. Returns its errors.
using look_up = std::function<boost::asio::awaitable<result<addresses>>(std::string host)>;

// For people, with the name.
failure cannot_resolve(const std::string& host, const std::string& why);

// The system's way: see name_threads.
look_up system_look_up(const boost::asio::any_io_executor& loop);

class resolver : public std::enable_shared_from_this<resolver> {
 public:
  // How long an answer serves.
  static constexpr std::chrono::seconds fresh{5};

  resolver(boost::asio::any_io_executor loop, look_up how);

  // Literal addresses are given back as they are. Never empty when it succeeds.
  boost::asio::awaitable<result<addresses>> resolve(std::string host,
                                                    std::chrono::milliseconds limit);
  // The addresses of `host` were no good: look again next time.
  void forget(const std::string& host);

 private:
  struct lookup {
    bool done = false;
    boost::asio::cancellation_signal stop;
    result<addresses> found = addresses{};
    std::vector<boost::asio::steady_timer*> waiting;
    boot_clock::time_point good_until{};
  };

  void complete(const std::string& host, lookup& ended, result<addresses> found);
  void drop_old();

  boost::asio::any_io_executor loop_;
  look_up settings_;
  std::map<std::string, std::shared_ptr<lookup>> lookups_;
};

}  // namespace connector::http
