#include "connector/lambda/invoke/function_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "connector/aws/endpoint.h"
#include "connector/base/ascii.h"
#include "connector/base/percent.h"
#include "connector/base/port.h"
#include "connector/base/regions.h"
#include "connector/base/uri.h"
#include "connector/glob.h"
#include "connector/lambda/input_reader.h"

namespace connector::lambda {

namespace {

error wrong(std::string_view problem) {
  return field_error("functionName", fmt::format("this function URL {}", problem));
}

bool is_lower_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || ascii::is_digit(c); }

// Stricter than a host label: "eu-central-1", "us-gov-west-1", "eusc-de-east-1".
bool has_region_shape(std::string_view text) {
  const auto parts = ascii::split(text, '-');
  if (!is_region(text) || parts.size() < 3 || parts.size() > 4) return false;
  const auto letters = [](std::string_view part) {
    return !part.empty() &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  };
  const auto number = parts.back();
  const bool counted = (number.size() == 1 || number.size() == 2) &&
                       std::all_of(number.begin(), number.end(), ascii::is_digit);
  return counted && parts[0].size() <= 4 && std::all_of(parts.begin(), parts.end() - 1, letters);
}

// The region of <id>.lambda-url.<region>.on.aws, or of a web function's lambda-web; empty for every
// other host.
std::string region_of(std::string_view host) {
  const auto labels = ascii::split(host, '.');
  if (labels.size() != 5 || labels[3] != "on" || labels[4] != "aws" ||
      (labels[1] != "lambda-url" && labels[1] != "lambda-web")) {
    return {};
  }
  const auto id = labels[0];
  const bool is_id =
      !id.empty() && id.size() <= 63 && std::all_of(id.begin(), id.end(), is_lower_alphanumeric);
  return is_id && has_region_shape(labels[2]) ? std::string(labels[2]) : std::string();
}

// The same text with every byte encoded that may be: what is signed is this spelling's encoding.
std::string recoded(std::string_view piece) {
  return percent_encode(percent_decode(piece).value_or(std::string(piece)));
}

result<std::string> path_of(std::string_view encoded) {
  std::string out;
  if (encoded.starts_with('/')) encoded.remove_prefix(1);
  const auto segments = ascii::split(encoded, '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto plain = percent_decode(segments[i]).value_or(std::string(segments[i]));
    if (plain == "." || plain == "..") return wrong("must not have dot segments");
    if (plain.empty() && i + 1 < segments.size()) return wrong("must not have doubled slashes");
    out.append("/").append(recoded(segments[i]));
  }
  return out;
}

result<std::string> query_of(std::string_view encoded) {
  if (encoded.find('+') != std::string_view::npos) {
    return wrong("has a + in its query: write %20 for a space and %2B for a plus");
  }
  std::string out;
  for (const auto piece : ascii::split(encoded, '&')) {
    if (piece.empty()) continue;
    out += out.empty() ? '?' : '&';
    const auto equals = piece.find('=');
    out += recoded(piece.substr(0, equals));
    out += '=';
    if (equals != std::string_view::npos) out += recoded(piece.substr(equals + 1));
  }
  return out;
}

}  // namespace

bool is_function_url(std::string_view text) {
  const auto scheme = ascii::lower(text.substr(0, 8));
  return scheme.starts_with("https://") || scheme.starts_with("http://");
}

result<function_url> parse_function_url(std::string_view text) {
  const auto parsed = parse_uri(text);
  if (!parsed) return wrong("is no URL; write it like https://<id>.lambda-url.<region>.on.aws/");
  const auto& parts = parsed->parts;
  function_url found;
  found.to.tls = parts.scheme_id() == boost::urls::scheme::https;
  if (parts.has_userinfo()) return wrong("must not hold a user name");
  if (parts.has_fragment()) return wrong("must not have a fragment");
  const auto host = parts.host_address();
  found.to.host = ascii::lower({host.data(), host.size()});
  if (found.to.host.empty()) return wrong("has no host");
  found.to.port = found.to.tls ? 443 : 80;
  if (parts.has_port() && !parts.port().empty()) {
    const auto port = port_of({parts.port().data(), parts.port().size()});
    if (!port) return wrong("must have a port from 1 to 65535");
    found.to.port = *port;
  }
  const auto encoded_path = parts.encoded_path();
  auto path = path_of({encoded_path.data(), encoded_path.size()});
  if (!path) return path.error();
  const auto encoded_query = parts.encoded_query();
  auto query = query_of({encoded_query.data(), encoded_query.size()});
  if (!query) return query.error();
  found.region = region_of(found.to.host);
  if (!found.region.empty() && !found.to.tls) return wrong("must begin with https://");
  found.shown =
      fmt::format("{}://{}{}", found.to.tls ? "https" : "http", host_header(found.to), *path);
  found.target = *path + *query;
  return found;
}

}  // namespace connector::lambda
