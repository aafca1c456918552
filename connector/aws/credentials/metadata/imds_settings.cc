#include "connector/aws/credentials/metadata/imds_settings.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "connector/http/url.h"

namespace connector::aws {

namespace {

constexpr std::string_view disabled = "AWS_EC2_METADATA_DISABLED";
constexpr std::string_view version_1_disabled = "AWS_EC2_METADATA_V1_DISABLED";
constexpr std::string_view endpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
constexpr std::string_view endpoint_mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
constexpr std::string_view seconds = "AWS_METADATA_SERVICE_TIMEOUT";
constexpr std::string_view attempts = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";

source_failure rejected(std::string_view variable, std::string_view why) {
  return {source_failure::kind::rejected, fmt::format("{}: {}", variable, why)};
}

std::optional<int> number_of(const std::string& text, int most) {
  return integer_in(text, 1, most);
}

std::optional<source_failure> read_endpoint(const variables& look_up, imds_settings& into) {
  if (const auto url = value_of(look_up, endpoint); !url.empty()) {
    auto read = http::read_url(url);
    if (!read) return rejected(endpoint, read.error());
    if (read->target.find('?') != std::string::npos) {
      return rejected(endpoint, "the URL must not have a query");
    }
    into.implied = false;
    into.to = std::move(read->to);
    into.base_path = std::move(read->target);
    while (!into.base_path.empty() && into.base_path.back() == '/') into.base_path.pop_back();
    return std::nullopt;
  }
  const auto mode = ascii::lower(value_of(look_up, endpoint_mode));
  if (mode == "ipv6") {
    into.to.host = "fd00:ec2::254";
  } else if (!mode.empty() && mode != "ipv4") {
    return rejected(endpoint_mode, "the value must be IPv4 or IPv6");
  }
  return std::nullopt;
}

}  // namespace

imds_settings_result imds_settings_of(const variables& look_up) {
  if (ascii::lower(value_of(look_up, disabled)) == "true") {
    return source_failure{source_failure::kind::not_configured,
                          fmt::format("{} is true", disabled)};
  }
  imds_settings found;
  if (auto wrong = read_endpoint(look_up, found)) return std::move(*wrong);
  found.version_1 = ascii::lower(value_of(look_up, version_1_disabled)) == "false";
  found.limits.answer = std::chrono::seconds(1);
  found.limits.attempts = 1;
  found.limits.pause = std::chrono::milliseconds(200);
  if (const auto text = value_of(look_up, seconds); !text.empty()) {
    const auto value = number_of(text, 60);
    if (!value) return rejected(seconds, "the value must be a number of seconds from 1 to 60");
    found.limits.connect = std::chrono::seconds(*value);
    found.limits.answer = std::chrono::seconds(*value);
  }
  if (const auto text = value_of(look_up, attempts); !text.empty()) {
    const auto value = number_of(text, 10);
    if (!value) return rejected(attempts, "the value must be a number from 1 to 10");
    found.limits.attempts = *value;
  }
  return found;
}

}  // namespace connector::aws
