#include "connector/http/proxy_environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connector/base/ascii.h"
#include "connector/base/base64.h"
#include "connector/base/ip_address.h"
#include "connector/base/number.h"
#include "connector/base/percent.h"
#include "connector/base/port.h"

namespace connector::http {

namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t longest_user_info = 4096;
constexpr std::size_t max_exceptions = 1000;

std::optional<ip::address> address_of(std::string_view text) {
  auto found = ip_address_of(text);
  // ::ffff:10.0.0.1 is 10.0.0.1.
  if (found && found->is_v6() && found->to_v6().is_v4_mapped()) {
    found = ip::make_address_v4(ip::v4_mapped, found->to_v6());
  }
  return found;
}

// "host", "host:port", "[v6]", "[v6]:port", "v6". Nothing when the port is not a port.
struct host_and_port {
  std::string_view host;
  std::uint16_t port = 0;  // 0: not given
};

std::optional<host_and_port> split_port(std::string_view text) {
  host_and_port out{text};
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    out.host = text.substr(1, close - 1);
    const auto rest = text.substr(close + 1);
    if (rest.empty()) return out;
    if (!rest.starts_with(':')) return std::nullopt;
    port = rest.substr(1);
  } else {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
      return out;
    }
    out.host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  const auto number = port_of(port);
  if (!number) return std::nullopt;
  out.port = *number;
  return out;
}

bool is_proxy_host(std::string_view text) {
  if (text.empty() || text.size() > max_host_length) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || ascii::is_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

// RFC 7617: the user name ends at the first colon, neither may hold a control character.
std::optional<secret_string> basic_authorization(std::string_view user_info) {
  if (user_info.size() > longest_user_info) return std::nullopt;
  const auto colon = std::min(user_info.find(':'), user_info.size());
  auto user = percent_decode(user_info.substr(0, colon));
  auto password = percent_decode(user_info.substr(std::min(colon + 1, user_info.size())));
  const auto bad = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (!user || !password || user->find(':') != std::string::npos ||
      std::any_of(user->begin(), user->end(), bad) ||
      std::any_of(password->begin(), password->end(), bad)) {
    return std::nullopt;
  }
  std::string pair = *user + ':' + *password;
  std::string encoded = base64_encode(pair);
  std::string value = "Basic " + encoded;
  wipe(*password);
  wipe(pair);
  wipe(encoded);
  return secret_string::take(value);
}

error wrong(std::string_view variable, std::string_view why) {
  return bad_input(fmt::format(
      "{}: {}. It must be http://host:port or https://host:port, with user:password@ before the "
      "host if the proxy asks for it (their reserved characters percent-encoded)",
      variable, why));
}

connector::result<proxy> read_proxy(std::string_view url, std::string_view variable) {
  proxy found;
  found.variable = variable;
  found.port = 80;
  if (const auto at = url.find("://"); at != std::string_view::npos) {
    const auto scheme = ascii::lower(url.substr(0, at));
    if (scheme == "https") {
      found.tls = true;
      found.port = 443;
    } else if (scheme != "http") {
      return wrong(variable, "proxies of this kind are not supported");
    }
    url.remove_prefix(at + 3);
  }
  // A raw @ in the password is common, and the last one ends it.
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    if (url.substr(0, at).find_first_of("/?#") != std::string_view::npos) {
      return wrong(variable, "there is a raw / ? or # in the user name or password");
    }
    auto made = basic_authorization(url.substr(0, at));
    if (!made) return wrong(variable, "the user name or password is not percent-encoded rightly");
    if (at > 0) found.authorization = *std::move(made);
    url.remove_prefix(at + 1);
  }
  if (url.ends_with('/')) url.remove_suffix(1);
  if (url.find_first_of("/?#") != std::string_view::npos) {
    return wrong(variable, "there is a path behind the host");
  }
  const auto parts = split_port(url);
  if (!parts) return wrong(variable, "the port is not 1 to 65535");
  found.host = ascii::lower(parts->host);
  if (parts->port != 0) found.port = parts->port;
  if (!is_proxy_host(found.host) && !address_of(found.host))
    return wrong(variable, "the host is not a name or an address");
  return found;
}

std::optional<proxy_exception> read_exception(std::string_view text) {
  proxy_exception out;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto network = address_of(text.substr(0, slash));
    if (!network) return std::nullopt;
    const auto bits = integer_in(text.substr(slash + 1), 0U, network->is_v4() ? 32U : 128U);
    if (!bits) return std::nullopt;
    out.network = *network;
    out.prefix = *bits;
    return out;
  }
  const auto parts = split_port(text);
  if (!parts) return std::nullopt;
  out.port = parts->port;
  if (const auto address = address_of(parts->host)) {
    out.network = *address;
    out.prefix = address->is_v4() ? 32 : 128;
    return out;
  }
  std::string_view domain = parts->host;
  if (domain.starts_with("*.")) domain.remove_prefix(1);
  while (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.ends_with('.')) domain.remove_suffix(1);
  out.domain = ascii::lower(domain);
  if (!is_proxy_host(out.domain)) return std::nullopt;
  return out;
}

template <std::size_t size>
bool same_bits(const std::array<unsigned char, size>& a, const std::array<unsigned char, size>& b,
               unsigned count) {
  for (unsigned bit = 0; bit < count; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) return false;
  }
  return true;
}

bool covers(const proxy_exception& one, const ip::address& address) {
  if (one.network.is_v4() != address.is_v4()) return false;
  if (address.is_v4()) {
    return same_bits(one.network.to_v4().to_bytes(), address.to_v4().to_bytes(), one.prefix);
  }
  return same_bits(one.network.to_v6().to_bytes(), address.to_v6().to_bytes(), one.prefix);
}

bool covers(const proxy_exception& one, std::string_view host) {
  if (host == one.domain) return true;
  return host.size() > one.domain.size() && host.ends_with(one.domain) &&
         host[host.size() - one.domain.size() - 1] == '.';
}

// Addresses that mean something on this link only: metadata services among them.
bool is_of_this_link(const ip::address& address) {
  if (address.is_loopback()) return true;
  static const std::array<proxy_exception, 3> links = {*read_exception("169.254.0.0/16"),
                                                       *read_exception("fe80::/10"),
                                                       *read_exception("fd00:ec2::/32")};
  return std::any_of(links.begin(), links.end(),
                     [&](const proxy_exception& link) { return covers(link, address); });
}

}  // namespace

connector::result<proxy_environment> read_proxy_environment(const secret_string& url,
                                                            std::string_view variable,
                                                            std::string_view no_proxy) {
  proxy_environment found;
  if (!url.empty()) {
    auto by = read_proxy(url.reveal(), variable);
    if (!by) return by.error();
    found.by = *std::move(by);
  }
  constexpr std::string_view separators = ", \t\r\n";
  while (found.except.size() < max_exceptions) {
    const auto begin = no_proxy.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    no_proxy.remove_prefix(begin);
    const auto entry = no_proxy.substr(0, no_proxy.find_first_of(separators));
    no_proxy.remove_prefix(entry.size());
    if (entry == "*") {
      found.except_all = true;
    } else if (auto one = read_exception(entry)) {
      found.except.push_back(*std::move(one));
    }
  }
  return found;
}

std::optional<proxy> proxy_for(const proxy_environment& from, const destination& to) {
  if (!from.by || from.except_all || !to.tls) return std::nullopt;
  std::string host = ascii::lower(to.host);
  if (host.ends_with('.')) host.pop_back();
  if (host == "localhost" || host.ends_with(".localhost")) return std::nullopt;
  const auto address = address_of(host);
  if (address && is_of_this_link(*address)) return std::nullopt;
  for (const proxy_exception& one : from.except) {
    if (one.port != 0 && one.port != to.port) continue;
    // The end of an address is not a domain.
    const bool meant = address ? one.domain.empty() && covers(one, *address)
                               : !one.domain.empty() && covers(one, host);
    if (meant) return std::nullopt;
  }
  return from.by;
}

std::string describe(const proxy_environment& from) {
  if (!from.by) return {};
  return fmt::format("{} ({})", name_of(*from.by), from.by->variable);
}

}  // namespace connector::http
