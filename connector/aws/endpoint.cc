#include "connector/aws/endpoint.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <utility>

#include "connector/base/port.h"
#include "connector/base/regions.h"
#include "connector/base/shortened.h"
#include "connector/base/uri.h"

namespace connector::aws {

namespace {

struct partition {
  std::string_view prefix;  // of the region's name
  std::string_view name;
  std::string_view suffix;
  std::string_view dual_stack_suffix;
};

// First match counts; what matches none is taken for the last one.
constexpr std::array<partition, 8> partitions = {{
    {"us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"", "aws", "amazonaws.com", "api.aws"},
}};

const partition& of_region(std::string_view region) {
  for (const auto& known : partitions) {
    if (region.starts_with(known.prefix)) return known;
  }
  return partitions.back();
}

error wrong_url(std::string_view url, std::string_view why) {
  return bad_input(fmt::format("\"{}\" is no endpoint: {}", shortened(url, 200), why));
}

}  // namespace

std::string_view dns_suffix(std::string_view region) { return of_region(region).suffix; }

std::string_view dual_stack_suffix(std::string_view region) {
  return of_region(region).dual_stack_suffix;
}

std::string_view partition_of(std::string_view region) { return of_region(region).name; }

result<endpoint> regional_endpoint(std::string_view service, std::string_view region) {
  if (!is_region(region)) {
    return bad_input(
        "region: not the name of a region (one host label: a-z, 0-9 and hyphens, such as "
        "eu-central-1)");
  }
  endpoint found;
  found.to.host = fmt::format("{}.{}.{}", service, region, dns_suffix(region));
  return found;
}

result<endpoint> parse_endpoint(std::string_view url) {
  const auto parsed = parse_uri(url);
  if (!parsed) return wrong_url(url, "write it like https://lambda.example.com");
  const auto& parts = parsed->parts;
  endpoint found;
  if (parts.scheme_id() == boost::urls::scheme::http) {
    found.to.tls = false;
  } else if (parts.scheme_id() != boost::urls::scheme::https) {
    return wrong_url(url, "the scheme must be https or http");
  }
  // Said without the URL: it may hold a password.
  if (parts.has_userinfo()) return bad_input("an endpoint must not hold a user name");
  if (parts.has_query() || parts.has_fragment()) {
    return wrong_url(url, "it must not have a query or a fragment");
  }
  const auto host = parts.host_address();
  found.to.host.assign(host.data(), host.size());
  if (found.to.host.empty()) return wrong_url(url, "the host is missing");
  found.to.port = found.to.tls ? 443 : 80;
  if (parts.has_port() && !parts.port().empty()) {
    const auto port = port_of(parts.port());
    if (!port) return wrong_url(url, "the port must be 1 to 65535");
    found.to.port = *port;
  }
  for (const auto segment : parts.encoded_segments()) {
    if (segment == "." || segment == "..") {
      return wrong_url(url, "the path must not have dot segments");
    }
    if (!segment.empty()) found.base_path.append("/").append(segment.data(), segment.size());
  }
  return found;
}

http::request post_request(const endpoint& where, std::string content_type, std::string body,
                           std::string_view user_agent) {
  http::request out;
  out.method = "POST";
  out.to = where.to;
  out.target = where.base_path + "/";
  out.fields = {{"Content-Type", std::move(content_type)}, {"User-Agent", std::string(user_agent)}};
  out.body = std::move(body);
  return out;
}

}  // namespace connector::aws
