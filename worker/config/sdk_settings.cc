#include "worker/config/sdk_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "connector/base/ascii.h"
#include "worker/config/issue.h"

namespace worker::config {

namespace {

constexpr std::size_t longest_app_id = 50;

bool is_any(std::string_view value) { return !value.empty(); }
bool is_true(std::string_view value) { return connector::ascii::equal_without_case(value, "true"); }
bool is_other_mode(std::string_view value) {
  return !connector::ascii::equal_without_case(value, "standard") &&
         !connector::ascii::equal_without_case(value, "adaptive");
}
// A list, the best first.
bool is_other_scheme(std::string_view value) {
  return connector::ascii::trim(value.substr(0, value.find(','))) != "sigv4";
}

constexpr sdk_setting sdk_rows[] = {
    {"AWS_RETRY_MODE", "retry_mode", is_other_mode,
     "the worker sends a request again only when nothing ran, with the pauses and the quota of the "
     "mode standard, and slows throttled functions as adaptive does"},
    {"AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference", is_other_scheme,
     "the worker signs with SigV4"},
    {"AWS_SIGV4A_SIGNING_REGION_SET", "sigv4a_signing_region_set", is_any,
     "the worker signs for the region of each call (SigV4)"},
    {"AWS_IMDS_USE_IPV6", "imds_use_ipv6", is_true,
     "set AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv6"},
    {"AWS_DEFAULT_PROFILE", "", is_any, "set AWS_PROFILE"},
    {"AWS_CREDENTIAL_EXPIRATION", "", is_any,
     "the worker uses the keys of its environment until they are refused; let it fetch keys that "
     "are "
     "renewed"},
    {"AWS_CREDENTIAL_FILE", "", is_any, "set AWS_SHARED_CREDENTIALS_FILE"},
    {"AWS_LOGIN_CACHE_DIRECTORY", "", is_any, "the worker has no console login"},

    {"AWS_ACCOUNT_ID", "aws_account_id"},
    {"AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode"},
    {"AWS_DEFAULTS_MODE", "defaults_mode"},
    {"AWS_DEFAULT_OUTPUT", "output"},
    {"AWS_PAGER", "cli_pager"},
    {"AWS_CLI_AUTO_PROMPT", "cli_auto_prompt"},
    {"AWS_CLI_FILE_ENCODING", ""},
    {"AWS_CLI_HISTORY_FILE", ""},
    {"AWS_DATA_PATH", ""},
    {"AWS_DISABLE_HOST_PREFIX_INJECTION", "disable_host_prefix_injection"},
    {"AWS_DISABLE_REQUEST_COMPRESSION", "disable_request_compression"},
    {"AWS_EC2_INSTANCE_PROFILE_NAME", "ec2_instance_profile_name"},
    {"AWS_ENABLE_ENDPOINT_DISCOVERY", "endpoint_discovery_enabled"},
    {"AWS_EXECUTION_ENV", ""},
    {"AWS_NEW_RETRIES_2026", ""},
    {"AWS_REQUEST_CHECKSUM_CALCULATION", "request_checksum_calculation"},
    {"AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES", "request_min_compression_size_bytes"},
    {"AWS_RESPONSE_CHECKSUM_VALIDATION", "response_checksum_validation"},
    {"AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS", "s3_disable_multiregion_access_points"},
    {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3_us_east_1_regional_endpoint"},
    {"AWS_S3_USE_ARN_REGION", "s3_use_arn_region"},
    {"AWS_SDK_LOAD_CONFIG", ""},
};

bool is_token_character(char c) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return connector::ascii::is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
}

}  // namespace

std::span<const sdk_setting> sdk_settings() { return sdk_rows; }

const sdk_setting* find_sdk_setting(std::string_view variable) {
  const auto* const found =
      std::find_if(std::begin(sdk_rows), std::end(sdk_rows),
                   [&](const sdk_setting& each) { return each.variable == variable; });
  return found == std::end(sdk_rows) ? nullptr : found;
}

std::string sdk_warning(const sdk_setting& setting, std::string_view source,
                        std::string_view value) {
  if (setting.changes == nullptr || !setting.changes(connector::ascii::trim(value))) return {};
  return fmt::format("{} is a setting of the AWS SDKs that has no effect here: {}.", source,
                     setting.instead);
}

std::string sent_app_id(std::string_view id) {
  std::string out(id.substr(0, longest_app_id));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return !is_token_character(c); }, '-');
  return out;
}

std::string app_id_warning(std::string_view source, std::string_view id) {
  const auto sent = sent_app_id(id);
  if (sent == id) return {};
  return fmt::format(
      "{} is sent as '{}': an application id has at most {} letters, digits and marks of "
      "!#$%&'*+-.^_`|~.",
      source, sent, longest_app_id);
}

std::string attempts_warning(std::string_view source, int attempts) {
  if (attempts <= most_attempts) return {};
  return fmt::format(
      "{} is {}, and the worker sends a request at most {} times for one activation of a job: the "
      "job's retries follow.",
      source, attempts, most_attempts);
}

}  // namespace worker::config
