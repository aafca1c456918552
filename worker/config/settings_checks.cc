#include "worker/config/settings_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "worker/config/half_settings.h"
#include "worker/config/policy_settings.h"
#include "worker/config/region.h"
#include "worker/config/secret_prefix.h"
#include "worker/config/yaml_fields.h"
#include "worker/jobs/default_headers.h"

namespace worker::config {

namespace {

// As in the SDKs: neither could be had at an endpoint of the operator's own.
void check_endpoints(loaded& into) {
  const auto& aws = into.values.aws;
  const bool own = !aws.endpoint.empty() || !aws.lambda_endpoint.empty() ||
                   !aws.sts_endpoint.empty() || !aws.roles_anywhere_endpoint.empty() ||
                   !aws.secrets_manager_endpoint.empty();
  if (!own || aws.ignore_endpoints) return;
  for (const auto& shown : into.values.shown) {
    if ((shown.key == "aws.fips" && aws.fips.value_or(false)) ||
        (shown.key == "aws.dualStack" && aws.dual_stack.value_or(false))) {
      into.mistakes.push_back(
          {std::string(shown.key), shown.source,
           "it cannot be true together with an endpoint of your own (AWS_ENDPOINT_URL...)."});
    }
  }
}

// Half of a role would mean to call as somebody else than was meant.
void check_role(loaded& into) {
  if (!into.values.aws.role.role_arn.empty()) return;
  for (const auto& shown : into.values.shown) {
    if (!shown.key.starts_with("aws.assumeRole") || shown.key == "aws.assumeRoleArn") continue;
    if (shown.source == "default") continue;
    into.mistakes.push_back({std::string(shown.key), shown.source,
                             "it belongs to a role, and LAMBDA_CONNECTOR_ASSUME_ROLE_ARN "
                             "(aws.assumeRoleArn) names none."});
  }
}

// A new region is known to nobody; one that is a slip away from a known one is most likely a slip.
void check_region(loaded& into) {
  const auto& region = into.values.aws.region;
  if (region.empty() || is_known_region(region)) return;
  if (const auto near = near_region(region)) {
    into.warnings.push_back(
        fmt::format("the region '{}' (aws.region) is not known to this version: did you mean {}?",
                    region, *near));
  }
}

// A wrong one would spoil every job, or be taken for nothing.
void check_default_headers(loaded& into) {
  const auto& jobs = into.values.jobs;
  const auto shown = std::find_if(into.values.shown.begin(), into.values.shown.end(),
                                  [](const auto& one) { return one.key == "jobs.defaultHeaders"; });
  if (shown == into.values.shown.end()) return;
  for (const auto& header : jobs.default_headers) {
    std::vector<const connector::operation_spec*> operations;
    for (const auto& type : jobs.types) {
      if (!header.job_type.empty() && header.job_type != type.job_type) continue;
      operations.push_back(&connector::spec_of(type.operation));
    }
    if (operations.empty()) continue;  // the types themselves are wrong, which is said already
    const auto wrong = jobs::wrong_default_header(header.name, header.value, operations);
    if (!wrong) continue;
    into.mistakes.push_back(
        {std::string(shown->key), shown->source,
         fmt::format("{}{}{}", header.job_type.empty() ? "" : "of " + header.job_type + ", ",
                     *wrong, wrong->ends_with('?') ? "" : ".")});
  }
}

// A task could have it sent to a function.
void check_secret_prefix(loaded& into) {
  for (const auto& each : into.mistakes) {
    if (each.key == "secrets.environmentPrefix") return;
  }
  const auto& prefix = into.values.secrets.environment_prefix;
  const auto own = own_variable_with(prefix);
  if (!own) return;
  for (const auto& shown : into.values.shown) {
    if (shown.key != "secrets.environmentPrefix") continue;
    into.mistakes.push_back(
        {std::string(shown.key), shown.source,
         fmt::format(
             "'{}' would make {}, which the worker reads itself, a secret of tasks. It must "
             "be what no other variable begins with, such as SECRET_.",
             shown_name(prefix), *own)});
  }
}

// What is most likely misspelt, although it could be meant.
void check_policy(loaded& into) {
  std::vector<std::string> types;
  for (const auto& each : into.values.jobs.types) types.push_back(each.job_type);
  std::vector<std::string> profiles;
  for (const auto& each : into.values.profiles) profiles.push_back(each.name);
  for (auto& each :
       names_of_nothing(into.values.policy, types, into.values.jobs.tenant_ids, profiles)) {
    into.warnings.push_back(std::move(each));
  }
}

}  // namespace

void check_settings(loaded& into) {
  check_policy(into);
  check_endpoints(into);
  check_role(into);
  check_region(into);
  check_default_headers(into);
  check_half_settings(into);
  check_secret_prefix(into);
  if (into.values.secrets.in_data_any) {
    into.warnings.emplace_back(
        "SECRETS_IN_DATA=any: whoever can type text into a process variable can have any secret "
        "sent to a function.");
  }
}

}  // namespace worker::config
