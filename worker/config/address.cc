#include "worker/config/address.h"

#include <boost/url/url_view.hpp>

#include "connector/base/ascii.h"
#include "connector/base/port.h"
#include "connector/base/uri.h"

namespace worker::config {

namespace {

namespace urls = boost::urls;

std::optional<std::uint16_t> port_of(const urls::url_view& url) {
  const auto digits = url.port();
  return connector::port_of({digits.data(), digits.size()});
}

bool is_good_port(const urls::url_view& url) { return !url.has_port() || port_of(url); }

bool is_plain_host(const urls::url_view& url) {
  return url.has_authority() && !url.has_userinfo() && !url.encoded_host().empty() &&
         !url.has_query() && !url.has_fragment() && is_good_port(url);
}

// Boost.URL wants a scheme; any will do for taking host and port apart.
std::string with_scheme(std::string_view text) {
  return text.find("://") != std::string_view::npos ? std::string(text)
                                                    : "none://" + std::string(text);
}

}  // namespace

std::variant<gateway_address, std::string> parse_gateway_address(std::string_view text,
                                                                 bool insecure) {
  const std::string allowed =
      "an address such as http://host:26500 (plaintext), https://host:443 (TLS) or host:26500, "
      "with host and port only";
  gateway_address address;
  address.has_scheme = text.find("://") != std::string_view::npos;
  const auto whole = with_scheme(text);
  const auto parsed = connector::parse_uri(whole);
  if (!parsed) return allowed;
  const urls::url_view& url = parsed->parts;
  const auto path = url.encoded_path();
  if (!is_plain_host(url) || !(path.empty() || path == "/")) return allowed;
  const auto scheme = connector::ascii::lower({url.scheme().data(), url.scheme().size()});
  if (!address.has_scheme) {
    address.tls = !insecure;
  } else if (scheme == "https" || scheme == "grpcs") {
    if (insecure) {
      return "an address without https or grpcs, because CAMUNDA_INSECURE_CONNECTION (or "
             "ZEEBE_INSECURE_CONNECTION) is true: correct one of the two";
    }
    address.tls = true;
  } else if (scheme != "http" && scheme != "grpc") {
    return allowed;
  }
  if (text.find('%') != std::string_view::npos) return allowed;
  const auto host = url.host();
  address.target.assign(host.data(), host.size());
  if (url.has_port()) {
    address.target += ':' + std::to_string(port_of(url).value_or(0));
  } else {
    address.target += scheme == "https" ? ":443" : ":26500";
  }
  return address;
}

std::string host_of(std::string_view address) {
  const auto whole = with_scheme(address);
  const auto parsed = connector::parse_uri(whole);
  if (!parsed) return {};
  const auto host = parsed->parts.host_address();
  return {host.data(), host.size()};
}

bool parse_http_url(std::string_view text) {
  const auto parsed = connector::parse_uri(text);
  if (!parsed) return false;
  const auto scheme = parsed->parts.scheme();
  return (scheme == "http" || scheme == "https") && is_plain_host(parsed->parts);
}

}  // namespace worker::config
