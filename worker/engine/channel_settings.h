// How the channel to the gateway is opened. Plain values.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/clock.h"
#include "connector/base/secret.h"

namespace worker::engine {

// A forward proxy that the gateway is reached through, with CONNECT.
struct channel_proxy {
  std::string address;                     // host:port; empty: the gateway is reached directly
  connector::secret_string authorization;  // value of Proxy-Authorization; empty: none
};

struct channel_settings {
  std::string address = "localhost:26500";  // host:port
  bool tls = false;
  std::string ca_file;                                     // PEM; empty: `roots`
  std::string roots;                                       // PEM text, for TLS without a CA file
  std::string roots_source = "the list of trusted roots";  // for people
  std::string authority_override;  // name that the certificate is checked against
  // Shown to a gateway that asks for a certificate. The channel reads the files again when they
  // change, and the CA file too.
  std::string client_certificate;  // PEM file, the certificate first; empty: none
  std::string client_key;          // PEM file; empty: the key is in the file above
  channel_proxy proxy;
  // Sent with every call: lower-case names and their values.
  std::vector<std::pair<std::string, std::string>> metadata;
  std::chrono::milliseconds keep_alive{45'000};
  std::string user_agent;
  std::function<connector::boot_clock::time_point()> now = connector::boot_clock::now;
};

}  // namespace worker::engine
