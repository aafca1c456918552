// Opens one connection: resolves the name, tries each address in turn, passes the proxy if there is
// one (over TLS if its URL says so), then TLS with the server. Every step has its limit, and every
// failure names host and step. It lives as long as run(); its arguments outlive it. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/address.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/http/client.h"
#include "connector/http/connection.h"
#include "connector/http/deadlines.h"
#include "connector/http/proxy.h"
#include "connector/http/resolver.h"
#include "connector/http/tls.h"

namespace connector::http {

// The pool's memory of a destination from one connection to the next.
struct destination_memory {
  tls_memory tls;
  // The address that worked last is tried first: a dead one among several costs its limit once.
  std::optional<boost::asio::ip::address> worked;
};

// The services that every connection_opener of a client uses.
struct connect_context {
  boost::asio::any_io_executor loop;
  std::shared_ptr<deadlines> limits;
  std::shared_ptr<resolver> names;
  std::shared_ptr<const tls_context> tls;
  std::function<std::optional<proxy>(const destination&)> proxy_for;  // null: none for all
  // Closes idle connections when descriptors run out; false when none was idle. May be null.
  std::function<bool()> spare_descriptors;
  // Null: every address. Asked for each resolved address, which is then connected to as checked.
  std::function<bool(const destination&, const boost::asio::ip::address&)> may_connect;
};

class connection_opener {
 public:
  // `stop` is the signal that run() is bound to.
  connection_opener(const connect_context& context, destination to, destination_memory& memory,
                    const limits& bounds, boost::asio::cancellation_signal& stop);

  // A connection ready for its first request. Failures are `nothing_sent`. Quiet cancellation
  // (base/cancellation.h).
  boost::asio::awaitable<result<connection_pointer>> run();
  // run() returns a failure soon.
  void abandon();
  [[nodiscard]] bool abandoned() const { return abandoned_; }
  // After success: whether TLS was resumed.
  [[nodiscard]] bool resumed() const { return resumed_; }

 private:
  boost::asio::awaitable<result<addresses>> find_addresses();
  boost::asio::awaitable<bool> connect_to(boost::asio::ip::tcp::endpoint where, std::string& tried);
  boost::asio::awaitable<std::optional<failure>> connect_to_any(addresses candidates);
  boost::asio::awaitable<std::optional<failure>> shake_hands(destination with);
  [[nodiscard]] std::optional<failure> refused_literal() const;
  [[nodiscard]] failure may_not_connect(const boost::asio::ip::address& where) const;
  [[nodiscard]] failure fail(failure_kind kind, const std::string& message) const;

  const connect_context& context_;
  const destination to_;
  const std::optional<proxy> by_;
  const destination first_hop_;
  destination_memory& memory_;
  const limits bounds_;
  boost::asio::cancellation_signal& stop_;
  connection_pointer connection_;
  bool abandoned_ = false;
  bool resumed_ = false;
};

}  // namespace connector::http
