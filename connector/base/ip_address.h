// The text of an IP address, as hosts, URLs and lists have it. Pure.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>

namespace connector {

// Nothing when `text` is anything but an IPv4 or IPv6 address, which has no brackets. Asio by
// itself reads the text up to its first zero byte only.
std::optional<boost::asio::ip::address> ip_address_of(std::string_view text);

}  // namespace connector
