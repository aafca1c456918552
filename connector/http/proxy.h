// A forward proxy, and the tunnel through it (RFC 9110 9.3.6 CONNECT): the proxy sees the name of
// the destination and then TLS from end to end. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "connector/base/secret.h"
#include "connector/http/client.h"
#include "connector/http/connection.h"

namespace connector::http {

struct proxy {
  std::string host;  // IPv6 literals without brackets
  std::uint16_t port = 3128;
  secret_string authorization;           // value of Proxy-Authorization ("Basic ..."); empty: none
  bool tls = false;                      // the proxy itself is spoken to over TLS
  std::string variable = "HTTPS_PROXY";  // where it was named, for messages
};

// "proxy.example:3128", with https:// before it when that is how it is reached. Never more.
std::string name_of(const proxy& by);

// Asks `by`, to which `through` is connected, for a tunnel to `to`. The limit armed on the
// connection counts. Nothing when the tunnel is open.
boost::asio::awaitable<std::optional<failure>> open_tunnel(connection& through, const proxy& by,
                                                           const destination& to);

}  // namespace connector::http
