#include "worker/program/shared_settings.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "connector/aws/endpoint.h"
#include "connector/base/shortened.h"
#include "worker/config/aws_names.h"

namespace worker::program {

namespace {

void fill(std::string& setting, std::string value) {
  if (setting.empty()) setting = std::move(value);
}

void fill(std::optional<bool>& setting, const std::string& value, std::string_view yes) {
  if (!setting && !value.empty()) setting = value == yes;
}

}  // namespace

config::aws_settings with_shared_files(config::aws_settings aws,
                                       connector::aws::shared_files& files) {
  if (aws.region.empty()) {
    aws.region = files.setting("region");
    if (const auto wrong = config::region_requirement(aws.region); wrong && !aws.region.empty()) {
      throw std::runtime_error(fmt::format(
          "the region '{}' of the shared files of the AWS tools is not allowed. It must "
          "be {}.",
          connector::shortened(aws.region, 60), *wrong));
    }
  }
  fill(aws.ca_bundle, files.setting("ca_bundle"));
  fill(aws.fips, files.setting("use_fips_endpoint"), "true");
  fill(aws.dual_stack, files.setting("use_dualstack_endpoint"), "true");
  fill(aws.legacy_sts, files.setting("sts_regional_endpoints"), "legacy");
  const bool ignored =
      aws.ignore_endpoints || files.setting("ignore_configured_endpoint_urls") == "true";
  if (ignored || !aws.endpoint.empty()) return aws;
  fill(aws.lambda_endpoint, files.endpoint_url("lambda"));
  fill(aws.sts_endpoint, files.endpoint_url("sts"));
  fill(aws.roles_anywhere_endpoint, files.endpoint_url("rolesanywhere"));
  fill(aws.secrets_manager_endpoint, files.endpoint_url("secrets_manager"));
  return aws;
}

aws_home aws_home_of(const config::aws_settings& aws) {
  connector::aws::shared_files files(variables_of(aws));
  auto region = with_shared_files(aws, files).region;
  auto partition = region.empty() ? "aws" : std::string(connector::aws::partition_of(region));
  return {std::move(region), std::move(partition)};
}

connector::aws::variables variables_of(const config::aws_settings& aws) {
  return [&aws](std::string_view name) -> std::optional<std::string> {
    const auto found = aws.variables.find(name);
    if (found == aws.variables.end()) return std::nullopt;
    return std::string(found->second.reveal());
  };
}

}  // namespace worker::program
