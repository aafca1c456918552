#include "worker/config/policy_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/glob.h"
#include "worker/config/yaml_fields.h"

namespace worker::config {

namespace {

using connector::allow_list;
using about = allow_list::about;

constexpr std::size_t max_rules = 1000;
constexpr std::size_t max_patterns = 1000;

struct list_field {
  std::string_view name;
  about kind;
  policy::list_ptr policy::rule::*into;
};
constexpr list_field list_fields[] = {
    {"allowedFunctions", about::functions, &policy::rule::functions},
    {"allowedHosts", about::hosts, &policy::rule::hosts},
    {"allowedRoleArns", about::roles, &policy::rule::roles},
    {"allowedProfiles", about::names, &policy::rule::profiles},
    {"allowedSecrets", about::names, &policy::rule::secrets},
};

std::vector<std::string> read_scope(yaml_fields& fields, std::string_view name) {
  auto patterns = fields.texts(name, max_patterns);
  if (!patterns) return {};
  const auto empty = [](const std::string& one) { return one.empty(); };
  // An empty list would fit every job, which its author hardly meant.
  if (patterns->empty() || std::any_of(patterns->begin(), patterns->end(), empty)) {
    fields.add_issue(name,
                     "it needs at least one name or pattern; leave it out to mean every one.");
  }
  return *std::move(patterns);
}

written_rule read_rule(const yaml_node& node, const std::string& path, file_report& report) {
  written_rule rule;
  rule.line = node.line;
  yaml_fields fields(node, path, report);
  rule.job_types = read_scope(fields, "jobTypes");
  rule.tenants = read_scope(fields, "tenants");
  rule.processes = read_scope(fields, "processes");
  bool says_something = false;
  for (const auto& field : list_fields) {
    says_something |= fields.has(field.name);
    const auto patterns = fields.texts(field.name, max_patterns);
    if (!patterns) continue;
    rule.entries.emplace(field.name, *patterns);
    auto made = allow_list::make(field.kind, fields.path_of(field.name), *patterns);
    if (const auto* wrong = std::get_if<std::string>(&made)) {
      fields.add_issue(field.name, fmt::format("it must hold {}.", *wrong));
      continue;
    }
    rule.*field.into = std::make_shared<const allow_list>(std::get<allow_list>(std::move(made)));
  }
  says_something |= fields.has("requireSecretReferences");
  if (const auto word = fields.text("requireSecretReferences")) {
    const auto found = find_reference_rule(*word);
    if (!found) fields.add_issue("requireSecretReferences", "it must be true, false or engine.");
    rule.require_secret_references = found.value_or(policy::reference_rule::none);
  }
  fields.finish();
  if (!says_something) {
    report.add_issue(node.line, path,
                     "it says nothing about the jobs that fit: give it a list such as "
                     "allowedFunctions.");
  }
  return rule;
}

// One sentence for a list, or an empty text.
std::string unmatched_profiles(const policy::rule& rule, const std::vector<std::string>& profiles) {
  if (rule.profiles == nullptr) return {};
  std::string names;
  for (const auto& name : rule.profiles->exact_names()) {
    if (std::find(profiles.begin(), profiles.end(), name) != profiles.end()) continue;
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", shown_name(name));
  }
  if (names.empty()) return {};
  return fmt::format(
      "{}: the configuration file has no credential profile {}, so no task can name it: add it "
      "below profiles, or take it off the list.",
      rule.profiles->called(), names);
}

// Whether the list allows the name that the pattern is; it has no `*`.
bool allows(const allow_list& list, about kind, const std::string& pattern) {
  switch (kind) {
    case about::names:
      return list.allows_name(pattern);
    case about::roles:
      return list.allows_role(pattern);
    case about::functions: {
      const auto parts = connector::ascii::split(pattern, ':');
      const auto part = [&](std::size_t i) {
        return std::string(i < parts.size() ? parts[i] : "");
      };
      if (parts.size() == 1) return list.allows({pattern, {}, {}, {}, {}});
      return list.allows({part(6), part(7), part(1), part(3), part(4)});
    }
    case about::hosts: {
      const auto made = allow_list::make(kind, {}, {pattern});
      const auto hosts = std::get<allow_list>(made).exact_hosts();
      return std::all_of(hosts.begin(), hosts.end(), [&](connector::guarded_host host) {
        if (host.port == 0) host.port = host.tls ? 443 : 80;  // any: one of them is enough
        return list.allows(host);
      });
    }
  }
  return true;
}

}  // namespace

std::vector<policy::rule> policy_settings::all() const {
  std::vector<policy::rule> out = {everywhere};
  out.insert(out.end(), rules.begin(), rules.end());
  return out;
}

std::vector<std::string_view> rule_fields() {
  std::vector<std::string_view> out = {"jobTypes", "tenants", "processes"};
  for (const auto& each : list_fields) out.push_back(each.name);
  out.push_back("requireSecretReferences");
  return out;
}

std::optional<policy::reference_rule> find_reference_rule(std::string_view word) {
  if (word == "true") return policy::reference_rule::always;
  if (word == "engine") return policy::reference_rule::engine;
  if (word == "false") return policy::reference_rule::none;
  return std::nullopt;
}

std::vector<written_rule> read_policy_rules(const yaml_node& list, std::string_view path,
                                            file_report& report) {
  std::vector<written_rule> rules;
  if (list.is_null()) {
    report.add_issue(list.line, std::string(path),
                     "it is empty: write [] for no rules, or take the line away.");
    return rules;
  }
  if (list.type != yaml_node::kind::list || list.items.size() > max_rules) {
    report.add_issue(list.line, std::string(path),
                     fmt::format("it must be a list of at most {} rules.", max_rules));
    return rules;
  }
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    rules.push_back(read_rule(list.items[i], fmt::format("{}[{}]", path, i + 1), report));
  }
  return rules;
}

std::vector<std::string> unmatched_names(const policy_settings& policy,
                                         const std::vector<std::string>& job_types,
                                         const std::vector<std::string>& tenants,
                                         const std::vector<std::string>& profiles) {
  std::vector<std::string> said;
  for (const auto& rule : policy.all()) {
    if (auto one = unmatched_profiles(rule, profiles); !one.empty()) said.push_back(one);
  }
  const std::vector<std::string> default_tenant = {"<default>"};
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const auto look = [&](std::string_view field, const std::vector<std::string>& patterns,
                          const std::vector<std::string>& served, std::string_view noun) {
      for (const auto& pattern : patterns) {
        const auto fits = [&](const auto& one) { return connector::glob(pattern, one); };
        if (std::any_of(served.begin(), served.end(), fits)) continue;
        said.push_back(fmt::format(
            "guards.rules[{}].{}: '{}' is no {} that is served here, so the rule never counts for "
            "it.",
            i + 1, field, shown_name(pattern), noun));
      }
    };
    look("jobTypes", policy.rules[i].job_types, job_types, "job type");
    look("tenants", policy.rules[i].tenants, tenants.empty() ? default_tenant : tenants, "tenant");
  }
  return said;
}

std::vector<std::string> closed_entries(const policy_settings& policy) {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const auto& rule = policy.rules[i];
    for (const auto& field : list_fields) {
      const auto& for_all = policy.everywhere.*field.into;
      const auto entries = rule.entries.find(field.name);
      // A list with an issue was not made.
      if (!for_all || !(rule.*field.into) || entries == rule.entries.end()) continue;
      for (const auto& entry : entries->second) {
        if (entry.find('*') != std::string::npos || allows(*for_all, field.kind, entry)) continue;
        said.push_back(
            fmt::format("guards.rules[{}].{}: the rule can never allow '{}', because {} does not "
                        "allow it: a job "
                        "needs both.",
                        i + 1, field.name, shown_name(entry), for_all->called()));
      }
    }
  }
  return said;
}

}  // namespace worker::config
