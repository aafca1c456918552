#include "worker/config/listen_address.h"

#include "connector/base/ip_address.h"
#include "connector/base/number.h"

namespace worker::config {

std::optional<listen_address> parse_listen_address(std::string_view text) {
  listen_address out;
  if (text == "off") {
    out.on = false;
    return out;
  }
  const std::size_t colon = text.rfind(':');
  auto host = colon == std::string_view::npos ? std::string_view() : text.substr(0, colon);
  const auto digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
  const auto port = connector::integer_in<std::uint16_t>(digits, 0, UINT16_MAX);
  if (!port) return std::nullopt;
  out.port = *port;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  out.host = host;
  if (out.host.empty() || out.host == "localhost") return out;
  const auto parsed = connector::ip_address_of(out.host);
  if (!parsed || parsed->is_v6() != bracketed) return std::nullopt;
  return out;
}

}  // namespace worker::config
