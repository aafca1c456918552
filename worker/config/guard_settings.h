// The allow-lists of the operator as settings: those for every job, and the rules of the
// configuration file for job types, tenants and processes. Plain values; read once at start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/config/mistake.h"
#include "worker/config/yaml.h"
#include "worker/guards/policy_rules.h"

namespace worker::config {

struct guard_settings {
  guards::guard_rule everywhere;          // fits every job
  std::vector<guards::guard_rule> rules;  // in the order of the file
  [[nodiscard]] std::vector<guards::guard_rule> all() const;
};

// The rules of the file: a list of mappings, each with any of jobTypes, tenants and processes, and
// at least one thing that it says about the jobs that fit.
std::vector<guards::guard_rule> read_guard_rules(const yaml_node& list, std::string_view path,
                                                 file_report& report);

// Job types, tenants and profiles that are written out (without `*`) in rules and lists but exist
// nowhere: most likely misspelt. Sentences for people.
std::vector<std::string> names_of_nothing(const guard_settings& guards,
                                          const std::vector<std::string>& job_types,
                                          const std::vector<std::string>& tenants,
                                          const std::vector<std::string>& profiles);

}  // namespace worker::config
