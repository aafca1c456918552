// Addresses as operators write them: of the gateway (with or without scheme) and plain http URLs.
// Pure.
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

// http and grpc are plaintext, https and grpcs TLS; without scheme it is TLS unless `insecure`. The
// port is 26500 unless given; with https 443. Else: what is allowed.
std::variant<gateway_address, std::string> parse_gateway_address(std::string_view text,
                                                                 bool insecure);

// Whether `text` is an http or https URL with a host, without user information, query and fragment.
bool parse_http_url(std::string_view text);

}  // namespace worker::config
