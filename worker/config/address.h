// Addresses as operators write them: the gateway's address, with or without scheme, and plain http
// URLs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace worker::config {

struct gateway_address {
  std::string target;  // "host:port", IPv6 hosts in brackets
  bool tls = false;
  bool has_scheme = false;
};

// http and grpc mean plaintext, https and grpcs mean TLS; an address without scheme is TLS unless
// `insecure`. The default port is 26500, with https 443. The text: what the address must be.
std::variant<gateway_address, std::string> parse_gateway_address(std::string_view text,
                                                                 bool insecure);

// The host of an address or URL that has passed its check, IPv6 without brackets.
std::string host_of(std::string_view address);

// Whether `text` is an http or https URL with a host, without user information, query and fragment.
bool parse_http_url(std::string_view text);

}  // namespace worker::config
