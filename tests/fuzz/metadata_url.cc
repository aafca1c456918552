// URLs and paths of metadata services out of any text: what is taken can be sent, and plain HTTP
// stays where it may go.
#include <boost/asio/ip/address.hpp>

#include "connector/aws/credentials/metadata/container_target.h"
#include "connector/aws/credentials/metadata/imds_settings.h"
#include "connector/http/url.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

using namespace connector::aws;
namespace http = connector::http;

variables only(std::string name, std::string value) {
  return [name = std::move(name), value = std::move(value)](std::string_view asked) {
    return asked == name ? std::optional<std::string>(value) : std::nullopt;
  };
}

bool is_literal(const std::string& host, boost::asio::ip::address& into) {
  boost::system::error_code failed;
  into = boost::asio::ip::make_address(host, failed);
  return !failed;
}

std::string run_metadata_url(std::string_view input) {
  const std::string text(input);
  if (const auto read = http::read_url(input)) {
    if (read->to.host.empty() || read->to.port == 0) return "a URL without host or port";
    if (!http::is_request_target(read->target)) return "a target that cannot be sent";
  } else if (read.error().empty() || read.error().size() > 100) {
    return "an odd complaint";
  }
  const auto full =
      container_target_of(only("AWS_CONTAINER_CREDENTIALS_FULL_URI", text), ecs_agent());
  boost::asio::ip::address literal;
  if (full && !full->to.tls && is_literal(full->to.host, literal) &&
      !is_container_address(literal)) {
    return "plain HTTP to where it may not go";
  }
  const auto relative =
      container_target_of(only("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", text), ecs_agent());
  if (relative && relative->to != ecs_agent()) return "a path that changed the host";
  if (const auto token = container_token(only("AWS_CONTAINER_AUTHORIZATION_TOKEN", text))) {
    if (token->reveal().find_first_of("\r\n") != std::string_view::npos) return "a token of lines";
  }
  const auto imds = imds_settings_of(only("AWS_EC2_METADATA_SERVICE_ENDPOINT", text));
  if (imds && !http::is_request_target(imds->base_path + "/latest")) return "an odd base path";
  return {};
}

}  // namespace

target metadata_url() {
  return {"MetadataUrl",
          run_metadata_url,
          {"http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]:80/x?y=z",
           "https://keys.example/", "http://127.0.0.1:1338/latest/", "/v2/credentials/1",
           "http://user@host/", "http://169.254.169.254/", "http://0x7f.1/", "//evil.example/x"},
          {"http://", "https://", "@", "#", "?", ":", "[", "]", "::ffff:", "127.0.0.1",
           "169.254.169.254", "%0d%0a", "\r\n", "/..", "\\", "%", " ", ":0", ":99999"}};
}

}  // namespace fuzz
