#include "connector/base/ip_address.h"

#include <string>

namespace connector {

std::optional<boost::asio::ip::address> ip_address_of(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  boost::system::error_code failed;
  auto address = boost::asio::ip::make_address(std::string(text), failed);
  if (failed) return std::nullopt;
  return address;
}

}  // namespace connector
