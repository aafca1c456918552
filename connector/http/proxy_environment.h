// The forward proxy that the variables HTTPS_PROXY and NO_PROXY name, and which destinations are
// reached without it. Pure; plain values. There is no standard: this code does what
// curl and the SDKs have in common, and connector/http/README.md says where they differ.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/base/secret.h"
#include "connector/http/message.h"
#include "connector/http/proxy.h"

namespace connector::http {

// One entry of NO_PROXY.
struct proxy_exception {
  std::string domain;  // itself and what is below it; lower case; empty: `network` counts
  boost::asio::ip::address network;
  unsigned prefix = 0;     // bits of `network` that count
  std::uint16_t port = 0;  // 0: every port
};

struct proxy_environment {
  std::optional<proxy> by;  // nothing: everything is reached directly
  std::vector<proxy_exception> except;
  bool except_all = false;  // NO_PROXY is `*`
};

// `variable` is the name of the one that held `url`, for messages. It refuses schemes other
// than http and https, a path, and a text that is not a URL; the message never holds the URL.
// Entries of `no_proxy` that cannot be read are left out, as curl and the SDKs do.
connector::result<proxy_environment> read_proxy_environment(const secret_string& url,
                                                            std::string_view variable,
                                                            std::string_view no_proxy);

// The proxy for a destination. Never one for plain HTTP (a metadata service, a local stand-in), for
// this machine, or for link-local addresses, which no proxy could reach.
std::optional<proxy> proxy_for(const proxy_environment& from, const destination& to);

// "proxy.example:3128 (HTTPS_PROXY)", without user name and password; empty when there is none.
std::string describe(const proxy_environment& from);

}  // namespace connector::http
