// The text of a port, as URLs, hosts and lists have it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace connector {

// Nothing when `digits` is not 1 to 65535 in decimal. Read here, because Boost.URL takes any digits
// for a port and cuts the number to 16 bits.
std::optional<std::uint16_t> port_of(std::string_view digits);

}  // namespace connector
