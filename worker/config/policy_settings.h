// The allow-lists of the operator as settings: those for every job, and the rules of the
// configuration file for job types, tenants and processes. Plain values; read once at start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/config/issue.h"
#include "worker/config/yaml.h"
#include "worker/policy/policy_rules.h"

namespace worker::config {

struct policy_settings {
  policy::rule everywhere;          // fits every job
  std::vector<policy::rule> rules;  // in the order of the file
  [[nodiscard]] std::vector<policy::rule> all() const;
};

// The rules of the file: a list of mappings, each with any of jobTypes, tenants and processes, and
// at least one thing that it says about the jobs that fit.
std::vector<policy::rule> read_policy_rules(const yaml_node& list, std::string_view path,
                                            file_report& report);

// Job types, tenants and profiles that are written out (without `*`) in rules and lists but exist
// nowhere: most likely misspelt. Sentences for people.
std::vector<std::string> unmatched_names(const policy_settings& policy,
                                          const std::vector<std::string>& job_types,
                                          const std::vector<std::string>& tenants,
                                          const std::vector<std::string>& profiles);

}  // namespace worker::config
