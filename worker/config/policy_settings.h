// The operator's policy as settings: the lists for every job, and the rules of the configuration
// file for job types, tenants and processes. Plain values; read once at start.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/config/issue.h"
#include "worker/config/yaml.h"
#include "worker/policy/policy_rules.h"

namespace worker::config {

// A rule as the configuration file has it.
struct written_rule : policy::rule {
  int line = 0;
  // The entries of each list, by the list's key: "allowedFunctions".
  std::map<std::string_view, std::vector<std::string>> entries;
};

struct policy_settings {
  policy::rule everywhere;          // fits every job
  std::vector<written_rule> rules;  // in the order of the file
  [[nodiscard]] std::vector<policy::rule> all() const;
};

// The rules of the file: a list of mappings. Each rule may have jobTypes, tenants and processes,
// and must have at least one list, or requireSecretReferences, for the jobs that fit.
std::vector<written_rule> read_policy_rules(const yaml_node& list, std::string_view path,
                                            file_report& report);

// The words of requireSecretReferences.
inline constexpr std::string_view reference_words[] = {"false", "true", "engine"};
std::optional<policy::reference_rule> find_reference_rule(std::string_view word);

// The fields of a rule.
std::vector<std::string_view> rule_fields();

// Warnings about job types, tenants and profiles in rules and lists that match nothing configured:
// most likely misspelt.
std::vector<std::string> unmatched_names(const policy_settings& policy,
                                         const std::vector<std::string>& job_types,
                                         const std::vector<std::string>& tenants,
                                         const std::vector<std::string>& profiles);

// Warnings about entries of rules, written out without `*`, that the list for every job does not
// allow, so that the rule can never allow them.
std::vector<std::string> closed_entries(const policy_settings& policy);

}  // namespace worker::config
