// The address of the admin port, as operators write it: HOST:PORT, PORT alone (all interfaces), or
// off. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

struct listen_address {
  bool on = true;
  std::string host;        // an IP address without brackets, or localhost; empty: all interfaces
  std::uint16_t port = 0;  // 0: any free one
};

// Nothing when the text is not such an address.
std::optional<listen_address> parse_listen_address(std::string_view text);

}  // namespace worker::config
