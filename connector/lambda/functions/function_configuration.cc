#include "connector/lambda/functions/function_configuration.h"

#include <array>
#include <vector>

#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace connector::lambda {

namespace {

constexpr std::string_view environment_names = "environmentNames";

// From the service model. A list and not "all but": what comes to it some day may be as secret as
// the environment's values.
constexpr std::array<std::string_view, 39> service_names = {
    "FunctionName",
    "FunctionArn",
    "Runtime",
    "Version",
    "Description",
    "LastModified",
    "Role",
    "Handler",
    "CodeSize",
    "CodeSha256",
    "Timeout",
    "MemorySize",
    "VpcConfig",
    "DeadLetterConfig",
    "KMSKeyArn",
    "TracingConfig",
    "MasterArn",
    "RevisionId",
    "Layers",
    "State",
    "StateReason",
    "StateReasonCode",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "FileSystemConfigs",
    "PackageType",
    "ImageConfigResponse",
    "SigningProfileVersionArn",
    "SigningJobArn",
    "Architectures",
    "EphemeralStorage",
    "SnapStart",
    "RuntimeVersionConfig",
    "LoggingConfig",
    "DurableConfig",
    "TenancyConfig",
    "CapacityProviderConfig",
    "ConfigSha256",
};

constexpr std::array<std::string_view, 40> fields = {
    "functionName",
    "functionArn",
    "runtime",
    "version",
    "description",
    "lastModified",
    "role",
    "handler",
    "codeSize",
    "codeSha256",
    "timeout",
    "memorySize",
    "vpcConfig",
    "deadLetterConfig",
    "kmsKeyArn",
    "tracingConfig",
    "masterArn",
    "revisionId",
    "layers",
    "state",
    "stateReason",
    "stateReasonCode",
    "lastUpdateStatus",
    "lastUpdateStatusReason",
    "lastUpdateStatusReasonCode",
    "fileSystemConfigs",
    "packageType",
    "imageConfigResponse",
    "signingProfileVersionArn",
    "signingJobArn",
    "architectures",
    "ephemeralStorage",
    "snapStart",
    "runtimeVersionConfig",
    "loggingConfig",
    "durableConfig",
    "tenancyConfig",
    "capacityProviderConfig",
    "configSha256",
    environment_names,
};

constexpr std::size_t default_count = 6;
constexpr int max_levels = 4;  // deeper ones keep their names

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// "SubnetIds" is subnetIds, "KMSKeyArn" kmsKeyArn.
std::string lower_start(std::string_view name) {
  std::string out(name);
  for (std::size_t i = 0; i < out.size() && is_upper(out[i]); ++i) {
    const bool starts_word = i > 0 && i + 1 < out.size() && !is_upper(out[i + 1]);
    if (starts_word) break;
    out[i] = static_cast<char>(out[i] - 'A' + 'a');
  }
  return out;
}

// Names with their escapes, so that they are written as they were read.
std::string lowered(std::string_view value, int levels) {
  const auto kind = json::kind_of(value);
  if (levels == 0 || (kind != json::kind::object && kind != json::kind::array)) {
    return std::string(value);
  }
  std::string out(1, kind == json::kind::object ? '{' : '[');
  const auto divide = [&out] {
    if (out.size() > 1) out += ',';
  };
  if (kind == json::kind::object) {
    for (const auto& member : json::members(value).members) {
      divide();
      out.append("\"").append(lower_start(member.name)).append("\":");
      out += lowered(member.value, levels - 1);
    }
  } else {
    for (const auto element : json::elements(value)) {
      divide();
      out += lowered(element, levels - 1);
    }
  }
  out += kind == json::kind::object ? '}' : ']';
  return out;
}

// Names of the environment's variables as a JSON list; nothing when there is no environment.
std::optional<std::string> names_of_environment(const std::vector<json::member>& members) {
  const auto environment = json::find(members, "Environment");
  if (!environment) return std::nullopt;
  const auto inside = json::members(*environment);
  const auto variables = json::find(inside.members, "Variables");
  if (inside.wrong || !variables) return std::nullopt;
  std::string out = "[";
  for (const auto& variable : json::members(*variables).members) {
    if (out.size() > 1) out += ',';
    out.append("\"").append(variable.name).append("\"");
  }
  return out + "]";
}

std::optional<std::string> value_of(const std::vector<json::member>& members,
                                    std::string_view field) {
  if (field == environment_names) return names_of_environment(members);
  for (std::size_t i = 0; i < service_names.size(); ++i) {
    if (fields.at(i) != field) continue;
    const auto value = json::find(members, service_names.at(i));
    return value ? std::optional(with_lower_names(*value)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::span<const std::string_view> configuration_fields() { return fields; }

std::span<const std::string_view> default_fields() {
  return std::span(fields).first(default_count);
}

std::string with_lower_names(std::string_view value) { return lowered(value, max_levels); }

std::optional<std::string> shown_configuration(std::string_view configuration,
                                               const std::vector<std::string>& wanted, bool all) {
  const auto read = json::members(configuration);
  if (read.wrong) return std::nullopt;
  json::object_writer out;
  for (const auto& field : wanted) {
    const auto value = value_of(read.members, field);
    if (value || all) out.raw(field, value ? std::string_view(*value) : "null");
  }
  return out.take();
}

}  // namespace connector::lambda
