#include "connector/http/url.h"

#include <cstddef>

#include "connector/base/port.h"
#include "connector/base/uri.h"

namespace connector::http {

namespace {

constexpr std::size_t max_url_bytes = 2048;

}  // namespace

bool is_request_target(std::string_view target) {
  if (target.empty() || target.front() != '/' || target.size() > max_url_bytes) return false;
  for (const char c : target) {
    if (c <= ' ' || c > '~' || c == '#') return false;
  }
  return true;
}

std::string shown(const destination& to) {
  return (to.tls ? "https://" : "http://") + host_header(to);
}

boost::system::result<url, std::string> read_url(std::string_view text) {
  if (text.size() > max_url_bytes) return std::string("the URL is too long");
  const auto parsed = parse_uri(text);
  if (!parsed) return std::string("this is no URL; write it like http://127.0.0.1/path");
  const auto& parts = parsed->parts;
  url found;
  if (parts.scheme_id() == boost::urls::scheme::http) {
    found.to.tls = false;
  } else if (parts.scheme_id() != boost::urls::scheme::https) {
    return std::string("the scheme must be http or https");
  }
  if (parts.has_userinfo()) return std::string("the URL must not hold a user name");
  if (parts.has_fragment()) return std::string("the URL must not have a fragment");
  const auto host = parts.host_address();
  found.to.host.assign(host.data(), host.size());
  if (found.to.host.empty()) return std::string("the host is missing");
  found.to.port = found.to.tls ? 443 : 80;
  if (parts.has_port() && !parts.port().empty()) {
    const auto digits = parts.port();
    const auto port = port_of({digits.data(), digits.size()});
    if (!port) return std::string("the port must be 1 to 65535");
    found.to.port = *port;
  }
  const auto target = parts.encoded_target();
  found.target.assign(target.data(), target.size());
  if (found.target.empty() || found.target.front() != '/') found.target.insert(0, "/");
  if (!is_request_target(found.target)) return std::string("the path cannot be sent as it is");
  return found;
}

}  // namespace connector::http
