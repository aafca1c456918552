#include "connector/aws/credentials/metadata/container_target.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/ip_address.h"
#include "connector/base/secret.h"
#include "connector/base/small_file.h"
#include "connector/http/url.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr std::string_view relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr std::string_view token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr std::string_view token_variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
// Beside the other headers a server's usual limit of 8 KiB holds no more.
constexpr std::size_t max_token = 8 * 1024;

source_failure rejected(std::string message) {
  return {source_failure::kind::rejected, std::move(message)};
}

bool may_be_plain(const std::string& host) {
  const auto literal = ip_address_of(host);
  // A name is judged by the address that it resolves to, when that is connected to.
  return !literal || is_container_address(*literal);
}

container_target_result of_full_uri(const std::string& uri) {
  auto read = http::read_url(uri);
  if (!read) return rejected(fmt::format("{}: {}", full_uri, read.error()));
  if (!read->to.tls && !may_be_plain(read->to.host)) {
    return rejected(
        fmt::format("{}: without TLS only loopback, 169.254.170.2, 169.254.170.23 and "
                    "[fd00:ec2::23] may be asked; use https",
                    full_uri));
  }
  container_target found;
  found.shown = shown(read->to);
  found.to = std::move(read->to);
  found.target = std::move(read->target);
  return found;
}

}  // namespace

http::destination ecs_agent() { return {false, "169.254.170.2", 80}; }

bool is_container_address(const asio::ip::address& address) {
  static const auto ecs = asio::ip::make_address_v4("169.254.170.2");
  static const auto eks_v4 = asio::ip::make_address_v4("169.254.170.23");
  static const auto eks_v6 = asio::ip::make_address_v6("fd00:ec2::23");
  if (address.is_loopback()) return true;
  return address == ecs || address == eks_v4 || address == eks_v6;
}

container_target_result container_target_of(const variables& look_up,
                                            const http::destination& agent) {
  if (auto relative = value_of(look_up, relative_uri); !relative.empty()) {
    if (!http::is_request_target(relative)) {
      return rejected(fmt::format("{} must be a path that begins with a slash", relative_uri));
    }
    return container_target{agent, std::move(relative), shown(agent)};
  }
  if (const auto full = value_of(look_up, full_uri); !full.empty()) return of_full_uri(full);
  return source_failure{source_failure::kind::not_configured,
                        fmt::format("neither {} nor {} is set", relative_uri, full_uri)};
}

boost::system::result<secret_string, source_failure> container_token(const variables& look_up) {
  std::string text;
  std::string_view from = token_variable;
  if (const auto path = value_of(look_up, token_file); !path.empty()) {
    from = token_file;
    auto file = read_small_file(path, max_token);
    if (file.result != file_text::state::read) {
      const bool passes = file.result == file_text::state::unreadable;
      return source_failure{
          passes ? source_failure::kind::unavailable : source_failure::kind::rejected,
          fmt::format("{}: the file {} cannot be read: {}", token_file, path, file.reason)};
    }
    text = ascii::trim(file.text);
    wipe(file.text);
    if (text.empty()) return rejected(fmt::format("{}: the file {} is empty", token_file, path));
  } else {
    auto whole = value_of(look_up, token_variable);
    text = ascii::trim(whole);
    wipe(whole);
  }
  auto token = secret_string::take(text);
  if (token.reveal().size() > max_token) {
    return rejected(fmt::format("{} is longer than {} bytes", from, max_token));
  }
  for (const char c : token.reveal()) {
    if (c < ' ' || c > '~') {
      return rejected(fmt::format(
          "{} holds a line break inside, or another character that no header may have", from));
    }
  }
  return token;
}

}  // namespace connector::aws
