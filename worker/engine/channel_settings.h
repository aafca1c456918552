// How the channel to the gateway is opened. Plain values.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "connector/base/clock.h"

namespace worker::engine {

struct channel_settings {
  std::string address = "localhost:26500";  // host:port
  bool tls = false;
  std::string ca_file;                                     // PEM; empty: `roots`
  std::string roots;                                       // PEM text, for TLS without a CA file
  std::string roots_source = "the list of trusted roots";  // for people
  std::string authority_override;  // name that the certificate is checked against
  std::chrono::milliseconds keep_alive{45'000};
  std::string user_agent;
  std::function<connector::boot_clock::time_point()> now = connector::boot_clock::now;
};

}  // namespace worker::engine
