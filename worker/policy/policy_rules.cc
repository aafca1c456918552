#include "worker/policy/policy_rules.h"

#include <algorithm>
#include <utility>

#include "connector/glob.h"

namespace worker::policy {

namespace {

bool fits_one(const std::vector<std::string>& patterns, std::string_view text) {
  return patterns.empty() || std::any_of(patterns.begin(), patterns.end(), [&](const auto& one) {
           return connector::glob(one, text);
         });
}

bool fits_all(const rule& rule) {
  return rule.job_types.empty() && rule.tenants.empty() && rule.processes.empty();
}

template <class Fits>
std::shared_ptr<const job_policy> put_together(const std::vector<rule>& rules,
                                               const Fits& fitting) {
  auto calls = std::make_shared<connector::guard>();
  auto made = std::make_shared<job_policy>();
  const auto add = [](auto& lists, const list_ptr& list) {
    if (list) lists.push_back(list);
  };
  const auto note = [](std::vector<std::string>& names, const list_ptr& list) {
    if (list) names.push_back(list->called());
  };
  for (const auto& rule : rules) {
    if (!fitting(rule)) {
      note(calls->others.hosts, rule.hosts);
      note(calls->others.roles, rule.roles);
      note(calls->others.profiles, rule.profiles);
      continue;
    }
    add(calls->functions, rule.functions);
    add(calls->hosts, rule.hosts);
    add(calls->roles, rule.roles);
    add(calls->profiles, rule.profiles);
    add(made->secrets, rule.secrets);
    made->require_secret_references =
        std::max(made->require_secret_references, rule.require_secret_references);
  }
  made->calls = std::move(calls);
  return made;
}

}  // namespace

bool fits(const rule& rule, const job_scope& job) {
  return fits_one(rule.job_types, job.job_type) && fits_one(rule.tenants, job.tenant) &&
         fits_one(rule.processes, job.process);
}

std::string_view refusing(const std::vector<list_ptr>& secrets, std::string_view name) {
  for (const auto& list : secrets) {
    if (!list->allows_name(name)) return list->called();
  }
  return {};
}

policy_rules::policy_rules(std::vector<rule> rules)
    : rules_(std::move(rules)),
      common_(put_together(rules_, fits_all)),
      scoped_(!std::all_of(rules_.begin(), rules_.end(), fits_all)) {}

std::shared_ptr<const job_policy> policy_rules::of(const job_scope& job) const {
  if (!scoped_) return common_;
  return put_together(rules_, [&](const rule& rule) { return fits(rule, job); });
}

}  // namespace worker::policy
