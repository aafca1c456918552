// A small HTTP/1.1 server for probes and scrapes: GET and HEAD, one answer per connection. A client
// costs at most one of a few connections, 8 KB and a few seconds, whatever it sends. The loop must
// run after stop() until run() has ended. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "worker/config/listen_address.h"

namespace worker::admin {

struct reply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string content_security_policy{};  // empty: the header is not sent
};

struct server_limits {
  // A further connection closes the oldest one, so that idle connections never keep a probe out.
  std::size_t connections = 32;
  std::size_t head_bytes = 8 * 1024;
  std::chrono::milliseconds reading{5000};  // the whole head of a request
  std::chrono::milliseconds writing{5000};  // the whole answer
};

class http_server {
 public:
  // `answer` gets the path without the query, and the header Host, which may be empty. It must not
  // wait.
  using answerer = std::function<reply(std::string_view path, std::string_view host)>;

  http_server(boost::asio::any_io_executor loop, answerer answer, server_limits bounds = {});
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  // Opens the port. Empty, or the system's error.
  std::string listen(const config::listen_address& where);
  // The port, once listen() has opened it.
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Takes connections until stop().
  boost::asio::awaitable<void> run();
  void stop();

  [[nodiscard]] std::size_t open_connections() const { return sessions_.size(); }

 private:
  struct session;
  boost::asio::awaitable<void> serve(std::shared_ptr<session> one);
  void take(boost::asio::ip::tcp::socket socket);

  boost::asio::any_io_executor loop_;
  answerer answer_;
  server_limits bounds_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  std::list<std::shared_ptr<session>> sessions_;  // the oldest first
  std::uint16_t port_ = 0;
  bool stopping_ = false;
};

}  // namespace worker::admin
