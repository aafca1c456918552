#include "worker/cli/reload.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "connector/base/log.h"

namespace worker::cli {

namespace log = connector::log;

namespace {

bool counts_at_once(std::string_view key) {
  return key == "log.level" || key.starts_with("guards.") || key == "profiles" ||
         key == "limits.functions";
}

bool is_same(const config::written_rule& a, const config::written_rule& b) {
  return a.job_types == b.job_types && a.tenants == b.tenants && a.processes == b.processes &&
         a.entries == b.entries && a.require_secret_references == b.require_secret_references;
}

bool are_same(const std::vector<config::written_rule>& a,
              const std::vector<config::written_rule>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same);
}

// A profile that only stands in another line is the same.
std::vector<config::credential_profile> without_lines(
    std::vector<config::credential_profile> profiles) {
  for (auto& one : profiles) one.line = 0;
  return profiles;
}

// "a, b"; nothing for none.
std::string listed(const std::vector<std::string>& keys) {
  return fmt::format("{}", fmt::join(keys, ", "));
}

}  // namespace

changed_settings compare(const config::settings& before, const config::settings& after) {
  changed_settings out;
  const auto add = [&out](std::string_view key) {
    (counts_at_once(key) ? out.at_once : out.by_restart).emplace_back(key);
  };
  for (const auto& one : after.shown) {
    const auto* was = before.find_shown(one.key);
    // By the hash too: print-config masks some values.
    if (was == nullptr || was->value != one.value || was->hash != one.hash) add(one.key);
  }
  if (!are_same(before.policy.rules, after.policy.rules)) add("guards.rules");
  if (without_lines(before.profiles) != without_lines(after.profiles)) add("profiles");
  if (before.aws.variables != after.aws.variables) add("aws (its variables)");
  if (before.secrets.environment != after.secrets.environment) {
    add("secrets (variables and the files that they name)");
  }
  return out;
}

void reload(program::application& app, config::settings& in_force,
            const std::function<command_line()>& read_again) {
  auto read = read_again();
  if (!read.issues.empty()) {
    log::error("SIGHUP: the settings have mistakes, so those in force stay",
               {{"mistakes", fmt::format("{}", fmt::join(read.issues, " "))}});
    return;
  }
  for (const auto& warning : read.warnings) log::warning(warning);
  const auto changed = compare(in_force, read.settings);
  app.take_over(read.settings);
  // Only what counts at once: the next SIGHUP names again what still waits for a restart.
  in_force.log.least = read.settings.log.least;
  in_force.policy = std::move(read.settings.policy);
  in_force.profiles = std::move(read.settings.profiles);
  in_force.limits = std::move(read.settings.limits);
  for (auto& one : in_force.shown) {
    if (!counts_at_once(one.key)) continue;
    for (auto& now : read.settings.shown) {
      if (now.key == one.key) one = std::move(now);
    }
  }
  log::info(
      "SIGHUP: settings are read again; files of secrets and certificates for the gateway are read "
      "at each change anyway",
      {{"changed", changed.at_once.empty() ? "nothing" : listed(changed.at_once)}});
  if (!changed.by_restart.empty()) {
    log::warning("SIGHUP: these settings have changed too and need a restart",
                 {{"settings", listed(changed.by_restart)}});
  }
}

}  // namespace worker::cli
