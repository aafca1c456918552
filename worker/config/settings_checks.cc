#include "worker/config/settings_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/near_names.h"
#include "worker/config/aws_names.h"
#include "worker/config/foreign_variables.h"
#include "worker/config/function_limits.h"
#include "worker/config/half_settings.h"
#include "worker/config/login_checks.h"
#include "worker/config/policy_settings.h"
#include "worker/config/sdk_settings.h"
#include "worker/config/secret_prefix.h"
#include "worker/config/settings_table.h"
#include "worker/config/variable_names.h"
#include "worker/config/worker_overrides.h"
#include "worker/jobs/default_headers.h"

namespace worker::config {

namespace {

// As in the SDKs: an endpoint of the operator's own has neither FIPS nor dual stack.
void check_endpoints(loaded& into) {
  const auto& aws = into.values.aws;
  const bool own = !aws.endpoint.empty() || !aws.lambda_endpoint.empty() ||
                   !aws.sts_endpoint.empty() || !aws.roles_anywhere_endpoint.empty() ||
                   !aws.secrets_manager_endpoint.empty();
  if (!own || aws.ignore_endpoints) return;
  for (const auto& shown : into.values.shown) {
    if ((shown.key == "aws.fips" && aws.fips.value_or(false)) ||
        (shown.key == "aws.dualStack" && aws.dual_stack.value_or(false))) {
      into.issues.push_back(
          {std::string(shown.key), shown.source,
           "it cannot be true together with an endpoint of your own (AWS_ENDPOINT_URL...)."});
    }
  }
}

// Without the role's ARN the worker would call with other credentials than the operator meant.
void check_role(loaded& into) {
  if (!into.values.aws.role.role_arn.empty()) return;
  for (const auto& shown : into.values.shown) {
    if (!shown.key.starts_with("aws.assumeRole") || shown.key == "aws.assumeRoleArn") continue;
    if (shown.source == "default") continue;
    into.issues.push_back({std::string(shown.key), shown.source,
                           "it belongs to a role, and LAMBDA_CONNECTOR_ASSUME_ROLE_ARN "
                           "(aws.assumeRoleArn) names none."});
  }
}

// An unknown region may be new; a region one slip away from a known one is most likely a slip.
void check_region(loaded& into) {
  const auto& region = into.values.aws.region;
  if (region.empty() || is_known_region(region)) return;
  if (const auto near = near_region(region)) {
    into.warnings.push_back(
        fmt::format("the region '{}' (aws.region) is not known to this version: did you mean {}?",
                    region, *near));
  }
}

void check_sdk_settings(loaded& into) {
  const auto& values = into.values;
  const auto add = [&into](std::string said) {
    if (!said.empty()) into.warnings.push_back(std::move(said));
  };
  const auto& aws = values.aws;
  add(attempts_warning(values.source_of("aws.maxAttempts"), aws.max_attempts.value_or(1)));
  add(app_id_warning(values.source_of("aws.userAgentAppId"), aws.app_id));
}

// A wrong default header would fail every job, or would be ignored.
void check_default_headers(loaded& into) {
  const auto& jobs = into.values.jobs;
  const auto* shown = into.values.find_shown("jobs.defaultHeaders");
  if (shown == nullptr) return;
  for (const auto& header : jobs.default_headers) {
    std::vector<const connector::operation_spec*> operations;
    for (const auto& type : jobs.types) {
      if (!header.job_type.empty() && header.job_type != type.job_type) continue;
      operations.push_back(&connector::spec_of(type.operation));
    }
    if (operations.empty()) continue;  // the job types have an issue already
    const auto wrong = jobs::wrong_default_header(header.name, header.value, operations);
    if (!wrong) continue;
    into.issues.push_back(
        {std::string(shown->key), shown->source,
         fmt::format("{}{}{}", header.job_type.empty() ? "" : "of " + header.job_type + ", ",
                     *wrong, wrong->ends_with('?') ? "" : ".")});
  }
}

// A task could send such a variable to a function.
void check_secret_prefix(loaded& into) {
  for (const auto& each : into.issues) {
    if (each.key == "secrets.environmentPrefix") return;
  }
  const auto& prefix = into.values.secrets.environment_prefix;
  const auto own = own_variable_with(prefix);
  if (!own) return;
  for (const auto& shown : into.values.shown) {
    if (shown.key != "secrets.environmentPrefix") continue;
    into.issues.push_back(
        {std::string(shown.key), shown.source,
         fmt::format(
             "'{}' would make {}, which the worker reads itself, a secret of tasks. It must "
             "be what no other variable begins with, such as SECRET_.",
             shown_name(prefix), *own)});
  }
}

// Warnings: the operator may have meant it.
void check_policy(loaded& into) {
  std::vector<std::string> types;
  for (const auto& each : into.values.jobs.types) types.push_back(each.job_type);
  std::vector<std::string> profiles;
  for (const auto& each : into.values.profiles) profiles.push_back(each.name);
  for (auto& each :
       unmatched_names(into.values.policy, types, into.values.jobs.tenant_ids, profiles)) {
    into.warnings.push_back(std::move(each));
  }
  for (auto& each : closed_entries(into.values.policy)) into.warnings.push_back(std::move(each));
}

using kind = foreign_variable::kind;

constexpr std::string_view own_prefix = "LAMBDA_CONNECTOR_";
constexpr std::string_view endpoint_prefix = "AWS_ENDPOINT_URL_";
// Services have short names (S3, SQS, KMS): each is near to STS.
constexpr std::size_t longest_short_service = 4;

class environment_reader {
 public:
  environment_reader(const sources& from, loaded& into) : from_(from), into_(into) {
    for (const auto& spec : settings_table()) {
      for (const auto name : variables_of(spec)) {
        known_.insert(std::string(name));
        if (is_spring_name(name)) relaxed_.insert(relaxed_name(name));
        candidates_.push_back(name);
      }
    }
    for (const auto& each : foreign_variables()) {
      if (each.meaning == kind::aws) candidates_.push_back(each.name);
    }
  }

  void run() {
    for (const auto& [name, value] : from_.environment) {
      if (value.empty() || is_of_a_service(name, value) || is_of_our_service(name)) continue;
      const auto plain = without_file(name);
      if (is_known(name) || is_known(plain) || is_worker_override(name)) continue;
      if (const auto* const sdk = find_sdk_setting(name)) {
        auto said = sdk_warning(*sdk, name, value);
        if (!said.empty()) into_.warnings.push_back(std::move(said));
        continue;
      }
      const auto* foreign = find_foreign(name);
      if (foreign == nullptr) foreign = find_foreign(plain);
      if (foreign != nullptr) {
        say(*foreign, name, value);
      } else {
        look_for_misspelt(name, plain);
      }
    }
  }

 private:
  static std::string without_file(const std::string& name) {
    constexpr std::string_view end = "_FILE";
    return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : name;
  }

  // Kubernetes makes these for a service named lambda-connector: no setting may have such a name.
  static bool is_of_our_service(std::string_view name) {
    if (!name.starts_with(own_prefix)) return false;
    name.remove_prefix(own_prefix.size());
    return name.starts_with("SERVICE_") || name == "PORT" || name.starts_with("PORT_");
  }

  [[nodiscard]] bool is_known(const std::string& name) const {
    return known_.contains(name) || (is_spring_name(name) && relaxed_.contains(relaxed_name(name)));
  }

  [[nodiscard]] bool asks_the_default() const {
    return std::any_of(into_.values.shown.begin(), into_.values.shown.end(), [](const auto& each) {
      return each.key == "gateway.address" && each.source == "default";
    });
  }

  void say(const foreign_variable& variable, const std::string& name, const std::string& value) {
    switch (variable.meaning) {
      case kind::address:
        // Beside an address that the worker reads, this one adds nothing.
        if (!asks_the_default() || value == "self-managed" || value == "simple") return;
        into_.warnings.push_back(
            fmt::format("{} is not read here, and no other address of the gateway is set, so {} is "
                        "asked, the default: set {}.",
                        name, into_.values.gateway.address, variable.instead));
        return;
      case kind::idle:
        into_.warnings.push_back(
            variable.instead.empty()
                ? fmt::format("{} means nothing here and is not used.", name)
                : fmt::format("{} is not read here: set {}.", name, variable.instead));
        return;
      case kind::aws:
      case kind::quiet:
        return;
    }
  }

  void look_for_misspelt(const std::string& name, const std::string& plain) {
    const bool ours = name.starts_with(own_prefix);
    if (!ours && plain.starts_with(endpoint_prefix) &&
        plain.size() <= endpoint_prefix.size() + longest_short_service) {
      return;
    }
    auto near = near_variable(plain, candidates_);
    if (!near && ours) near = connector::nearest(plain, candidates_);
    // All names below these prefixes are meant for a client of the engine.
    if (!near && !ours && !is_spring_name(name)) return;
    into_.warnings.push_back(
        fmt::format("{} is no setting and is not used{}", name,
                    near ? fmt::format(": did you mean {}?", *near) : std::string(".")));
  }

  const sources& from_;
  loaded& into_;
  std::set<std::string, std::less<>> known_;
  std::set<std::string, std::less<>> relaxed_;
  std::vector<std::string_view> candidates_;
};

}  // namespace

void check_settings(loaded& into) {
  check_policy(into);
  for (auto& each : covered_limits(into.values.limits)) into.warnings.push_back(std::move(each));
  check_endpoints(into);
  check_role(into);
  check_region(into);
  check_sdk_settings(into);
  check_default_headers(into);
  check_half_settings(into);
  complete_login(into);
  check_secret_prefix(into);
  if (into.values.secrets.in_data_any) {
    into.warnings.emplace_back(
        "SECRETS_IN_DATA=any (secrets.inData) is unsafe: a user who can write {{secrets.NAME}} "
        "into a "
        "process variable has that secret sent to a function. The default, listed, prevents it.");
  }
}

void check_environment(const sources& from, loaded& into) { environment_reader(from, into).run(); }

}  // namespace worker::config
