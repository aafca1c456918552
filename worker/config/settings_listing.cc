#include "worker/config/settings_listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace worker::config {

namespace {

// Whom a rule fits and which lists it has; not what is on them.
std::string text_of(const policy::rule& rule) {
  std::string out;
  const auto add = [&out](std::string_view what, std::string_view text) {
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", what, text.empty() ? "" : " ", text);
  };
  const auto scope = [&add](std::string_view what, const std::vector<std::string>& patterns) {
    if (!patterns.empty()) add(what, fmt::format("{}", fmt::join(patterns, " ")));
  };
  scope("jobTypes", rule.job_types);
  scope("tenants", rule.tenants);
  scope("processes", rule.processes);
  if (out.empty()) add("every job", "");
  if (rule.functions) add("allowedFunctions", "");
  if (rule.hosts) add("allowedHosts", "");
  if (rule.roles) add("allowedRoleArns", "");
  if (rule.profiles) add("allowedProfiles", "");
  if (rule.secrets) add("allowedSecrets", "");
  if (rule.require_secret_references) add("requireSecretReferences", "");
  return out;
}

}  // namespace

std::string text_of(const settings& values) {
  std::string out;
  for (const auto& each : values.shown) {
    if (each.value.empty()) {
      out += fmt::format("{} is not set\n", each.key);
    } else {
      out += fmt::format("{} = {}  ({})\n", each.key, each.value, each.source);
    }
  }
  for (const auto& each : values.profiles) {
    out += fmt::format("profiles.{} = source {}{}{}  ({}:{})\n", each.name, name_of(each.from),
                       each.other.empty() ? "" : " " + each.other,
                       each.assume ? ", then the role " + each.assume->role_arn : "",
                       values.config_file, each.line);
  }
  for (std::size_t i = 0; i < values.policy.rules.size(); ++i) {
    out += fmt::format("guards.rules[{}] = {}  ({})\n", i + 1, text_of(values.policy.rules[i]),
                       values.config_file);
  }
  return out;
}

}  // namespace worker::config
