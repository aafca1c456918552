// The allow-lists that count for a job: the worker's lists, and the lists of each rule that fits
// the job's type, tenant and process. Every list that fits must allow, so a rule can only narrow
// what the worker and other rules allow. Plain values, constant once made; any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connector/guard.h"

namespace worker::policy {

using list_ptr = std::shared_ptr<const connector::allow_list>;

// What REQUIRE_SECRET_REFERENCES says of a key in `authentication` that is no reference to a
// secret. Of several rules the strictest counts, which stands last.
enum class reference_rule {
  none,    // false: it is warned about
  engine,  // it may come from an engine that puts its secrets into variables (camunda.secrets)
  always,  // true: it is refused
};

// A list that is null does not count.
struct rule {
  // The jobs that the rule fits: patterns with `*`; empty: every job.
  std::vector<std::string> job_types;
  std::vector<std::string> tenants;
  std::vector<std::string> processes;  // BPMN process ids

  list_ptr functions;
  list_ptr hosts;
  list_ptr roles;
  list_ptr profiles;
  list_ptr secrets;
  reference_rule require_secret_references = reference_rule::none;
};

struct job_scope {
  std::string_view job_type;
  std::string_view tenant;
  std::string_view process;
};

bool fits(const rule& rule, const job_scope& job);

// The lists for one job.
struct job_policy {
  std::shared_ptr<const connector::guard> calls;  // goes with the call; never null
  std::vector<list_ptr> secrets;                  // each must allow a secret's name
  reference_rule require_secret_references = reference_rule::none;
};

// The name of the first list that does not allow the secret; empty when every list allows it.
std::string_view refusing(const std::vector<list_ptr>& secrets, std::string_view name);

class policy_rules {
 public:
  policy_rules() : policy_rules(std::vector<rule>()) {}
  // The worker-wide lists are a rule that fits every job.
  explicit policy_rules(std::vector<rule> rules);

  [[nodiscard]] std::shared_ptr<const job_policy> of(const job_scope& job) const;

 private:
  std::vector<rule> rules_;
  std::shared_ptr<const job_policy> common_;  // of the rules that fit every job
  bool scoped_ = false;                       // there are others
};

}  // namespace worker::policy
