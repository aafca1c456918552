// The admin port: the answer of each path. The dependencies must outlive it; stop() must come
// before the end of the loop. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/admin/call_meter.h"
#include "worker/admin/http_server.h"
#include "worker/admin/metrics.h"
#include "worker/admin/status.h"
#include "worker/admin/watch.h"
#include "worker/engine/grpc_gateway.h"

namespace worker::admin {

class admin_port {
 public:
  struct dependencies {
    const jobs::job_worker& worker;
    const call_meter& calls;
    const engine::grpc_gateway& gateway;
    std::function<connection_figures()> connections;
    // As in watch.
    std::function<boost::asio::awaitable<bool>()> ask_gateway;
    std::function<boost::asio::awaitable<credentials_found>()> try_credentials;
    std::string version;
    std::string gateway_address;          // for the status page
    std::vector<status_setting> changed;  // settings that differ from their defaults
    bool status_page = false;             // also where the address is not loopback
    std::function<std::optional<token_figures>()> tokens{};  // empty: the worker uses none
    // Of the operator's limits; empty: there are none.
    std::function<std::vector<connector::limit_figures>()> limits{};
    std::function<std::vector<connector::throttled_function>()> throttled{};
    std::function<secret_figures()> secrets{};
  };

  admin_port(boost::asio::any_io_executor loop, dependencies deps);

  // Opens the port and serves it. Empty, or the system's error.
  std::string start(const config::listen_address& where);
  // The watch alone: the log says whether there are credentials, before the first job wants them.
  void start_without_port();
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  // The worker is no longer ready; everything else goes on, so that a drain can be watched.
  void draining() { watch_.stopping(); }
  void stop();

 private:
  [[nodiscard]] reply answer(std::string_view path, std::string_view host) const;
  [[nodiscard]] figures current() const;
  [[nodiscard]] status_facts status() const;
  [[nodiscard]] std::optional<token_figures> tokens() const;
  [[nodiscard]] health_facts facts() const;

  boost::asio::any_io_executor loop_;
  dependencies deps_;
  watch watch_;
  http_server server_;
  bool loopback_ = false;  // the address that start() opened
  boost::asio::cancellation_signal looking_;
};

}  // namespace worker::admin
