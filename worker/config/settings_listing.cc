#include "worker/config/settings_listing.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string_view>
#include <vector>

namespace worker::config {

namespace {

// The jobs that a rule fits, and its lists.
std::string text_of(const written_rule& rule) {
  std::string out;
  const auto add = [&out](std::string_view name, const std::string& text) {
    out += fmt::format("{}{}{}{}", out.empty() ? "" : ", ", name, text.empty() ? "" : " ", text);
  };
  const auto add_scope = [&add](std::string_view name, const std::vector<std::string>& patterns) {
    if (!patterns.empty()) add(name, fmt::format("{}", fmt::join(patterns, " ")));
  };
  add_scope("jobTypes", rule.job_types);
  add_scope("tenants", rule.tenants);
  add_scope("processes", rule.processes);
  if (out.empty()) add("every job", "");
  for (const auto& [name, entries] : rule.entries) {
    add(name, fmt::format("[{}]", fmt::join(entries, " ")));
  }
  if (rule.require_secret_references != policy::reference_rule::none) {
    const bool engine = rule.require_secret_references == policy::reference_rule::engine;
    add("requireSecretReferences", engine ? "engine" : "");
  }
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
    const auto& rule = values.policy.rules[i];
    out += fmt::format("guards.rules[{}] = {}  ({}:{})\n", i + 1, text_of(rule), values.config_file,
                       rule.line);
  }
  return out;
}

}  // namespace worker::config
