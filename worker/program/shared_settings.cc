#include "worker/program/shared_settings.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "connector/aws/endpoint.h"
#include "connector/base/number.h"
#include "connector/base/shortened.h"
#include "worker/config/aws_names.h"
#include "worker/config/sdk_settings.h"

namespace worker::program {

namespace {

void fill(std::string& setting, std::string value) {
  if (setting.empty()) setting = std::move(value);
}

void fill(std::optional<bool>& setting, const std::string& value, std::string_view yes) {
  if (!setting && !value.empty()) setting = value == yes;
}

std::optional<int> attempts_in(connector::aws::shared_files& files) {
  return connector::integer_in(files.setting("max_attempts"), 1, config::longest_max_attempts);
}

// What is wrong with the region of the files; nothing when it can be one, or is not set.
std::optional<std::string> mistake_in(const std::string& region,
                                      const connector::aws::shared_files& files) {
  const auto required = config::region_requirement(region);
  if (!required || region.empty()) return std::nullopt;
  return fmt::format("{}: '{}' is not allowed. It must be {}.",
                     source_in_shared_files("region", files), connector::shortened(region, 60),
                     *required);
}

}  // namespace

std::string source_in_shared_files(std::string_view key,
                                   const connector::aws::shared_files& files) {
  return fmt::format("{} of the profile {} in the shared files of the AWS tools", key,
                     connector::shortened(files.profile(), 60));
}

std::vector<std::string> warnings_of_shared_files(const config::aws_settings& aws,
                                                  connector::aws::shared_files& files) {
  std::vector<std::string> out;
  const auto add = [&out](std::string said) {
    if (!said.empty()) out.push_back(std::move(said));
  };
  for (const auto& each : config::sdk_settings()) {
    // A variable counts before the files.
    if (each.key.empty() || aws.variables.contains(each.variable)) continue;
    const auto value = files.setting(std::string(each.key));
    if (!value.empty()) {
      add(config::sdk_warning(each, source_in_shared_files(each.key, files), value));
    }
  }
  if (aws.app_id.empty()) {
    add(config::app_id_warning(source_in_shared_files("sdk_ua_app_id", files),
                               files.setting("sdk_ua_app_id")));
  }
  if (aws.max_attempts || files.setting("max_attempts").empty()) return out;
  const auto source = source_in_shared_files("max_attempts", files);
  const auto attempts = attempts_in(files);
  add(attempts ? config::attempts_warning(source, *attempts)
               : fmt::format("{} is no number from 1 to {} and does not count.", source,
                             config::longest_max_attempts));
  return out;
}

config::aws_settings with_shared_files(config::aws_settings aws,
                                       connector::aws::shared_files& files,
                                       std::vector<std::string>* mistakes) {
  if (aws.region.empty()) {
    aws.region = files.setting("region");
    if (const auto wrong = mistake_in(aws.region, files)) {
      if (mistakes == nullptr) throw std::runtime_error(*wrong);
      mistakes->push_back(*wrong);
      aws.region.clear();
    }
  }
  fill(aws.ca_bundle, files.setting("ca_bundle"));
  fill(aws.fips, files.setting("use_fips_endpoint"), "true");
  fill(aws.dual_stack, files.setting("use_dualstack_endpoint"), "true");
  fill(aws.legacy_sts, files.setting("sts_regional_endpoints"), "legacy");
  fill(aws.app_id, files.setting("sdk_ua_app_id"));
  if (!aws.max_attempts) aws.max_attempts = attempts_in(files);
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
