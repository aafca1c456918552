#include "worker/cli/iam_policy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "worker/config/credential_profiles.h"

namespace worker::cli {

namespace {

using connector::operation_id;
using names = std::vector<std::string>;

struct statement {
  std::string_view id;
  std::vector<std::string_view> actions;
  names resources;
};

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_function_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '*' || c == '$' || c == '.';
}

class policy_writer {
 public:
  policy_writer(const config::settings& settings, const policy_arguments& asked,
                const aws_place& place)
      : settings_(settings), asked_(asked), place_(place) {}

  iam_policy run() {
    if (!asked_.account.empty() && !is_account(asked_.account)) {
      out_.issues.emplace_back("--account must be the twelve digits of an AWS account.");
    }
    add_functions();
    add_roles();
    add_secret();
    note_what_is_missing();
    if (out_.issues.empty()) out_.document = document();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool serves(operation_id operation) const {
    const auto& types = settings_.jobs.types;
    return std::any_of(types.begin(), types.end(),
                       [&](const auto& each) { return each.operation == operation; });
  }

  std::string account() {
    if (asked_.account.empty()) any_account_ = true;
    return asked_.account.empty() ? "*" : asked_.account;
  }
  std::string region() {
    if (place_.region.empty()) any_region_ = true;
    return place_.region.empty() ? "*" : place_.region;
  }

  // NAME, NAME:QUALIFIER, ACCOUNT:function:NAME or an ARN.
  std::string function_arn(const std::string& given) {
    if (given.starts_with("arn:")) return given;
    auto parts = connector::ascii::split(given, ':');
    auto owner = std::string();
    if (parts.size() >= 3 && is_account(parts[0]) && parts[1] == "function") {
      owner = parts[0];
      parts.erase(parts.begin(), parts.begin() + 2);
    }
    const bool good =
        parts.size() <= 2 && std::all_of(parts.begin(), parts.end(), [](auto part) {
          return !part.empty() && std::all_of(part.begin(), part.end(), is_function_byte);
        });
    if (!good) {
      out_.issues.push_back(fmt::format(
          "'{}' is no function: give NAME, NAME:QUALIFIER or an ARN; one that is called by its URL "
          "by its name, with --function-url.",
          given.substr(0, 100)));
      return {};
    }
    if (owner.empty()) owner = account();
    return fmt::format("arn:{}:lambda:{}:{}:function:{}", place_.partition, region(), owner,
                       fmt::join(parts, ":"));
  }

  names function_arns(const names& given) {
    std::set<std::string> out;
    for (const auto& each : given) out.insert(function_arn(each));
    return {out.begin(), out.end()};
  }

  void add_functions() {
    auto by_name = asked_.functions;
    if (by_name.empty() && asked_.urls.empty() && settings_.policy.everywhere.functions) {
      by_name = settings_.policy.everywhere.functions->patterns();
    }
    const auto called = function_arns(by_name);
    const auto by_url = function_arns(asked_.urls);
    const auto& all = connector::operations();
    const bool needs_some = std::any_of(all.begin(), all.end(), [this](const auto& each) {
      return each.permission.of_functions && serves(each.id);
    });
    if (needs_some && called.empty() && by_url.empty()) {
      out_.issues.emplace_back(
          "No function is named: give --function NAME for each, or set ALLOWED_FUNCTIONS.");
    }
    for (const auto& each : all) {
      if (!serves(each.id)) continue;
      const auto& needed = each.permission;
      add(needed.statement, {needed.actions.begin(), needed.actions.end()},
          needed.of_functions ? called : names{"*"});
      if (each.id == operation_id::invoke) {
        add("CallFunctionUrls", {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}, by_url);
      }
    }
  }

  // The source that a profile is built on in the end.
  [[nodiscard]] const config::credential_profile* base_of(
      const config::credential_profile& profile) const {
    const auto* at = &profile;
    while (at != nullptr && at->from == config::credential_profile::source::profile) {
      at = config::find_profile(settings_.profiles, at->other);
    }
    return at;
  }

  void add_roles() {
    std::set<std::string> plain;
    std::set<std::string> tagged;
    if (settings_.policy.everywhere.roles) {
      const auto patterns = settings_.policy.everywhere.roles->patterns();
      plain.insert(patterns.begin(), patterns.end());
    }
    for (const auto& rule : settings_.policy.rules) {
      if (!rule.roles) continue;
      // Rules narrow the list for every job; without one they are what tasks may take over.
      if (settings_.policy.everywhere.roles) continue;
      const auto patterns = rule.roles->patterns();
      plain.insert(patterns.begin(), patterns.end());
    }
    for (const auto& profile : settings_.profiles) {
      if (!profile.assume || profile.from == config::credential_profile::source::profile) continue;
      const auto* const base = base_of(profile);
      if (base == nullptr || base->from != config::credential_profile::source::worker) continue;
      (profile.assume->session_tags.empty() ? plain : tagged).insert(profile.assume->role_arn);
    }
    add("AssumeRoles", {"sts:AssumeRole"}, {plain.begin(), plain.end()});
    add("AssumeRolesWithTags", {"sts:AssumeRole", "sts:TagSession"},
        {tagged.begin(), tagged.end()});
    if (!plain.empty() || !tagged.empty()) {
      out_.notes.emplace_back(
          "each role's own trust policy must allow sts:AssumeRole to the worker, and "
          "sts:TagSession "
          "when there are session tags.");
    }
  }

  void add_secret() {
    const auto& secret = settings_.secrets.aws_secret;
    if (secret.empty()) return;
    const auto& order = settings_.secrets.order;
    if (std::find(order.begin(), order.end(), "aws") == order.end()) return;
    // Secrets Manager adds a dash and six characters to a name.
    add("ReadSecret", {"secretsmanager:GetSecretValue"},
        {secret.starts_with("arn:") ? secret
                                    : fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}-??????",
                                                  place_.partition, region(), account(), secret)});
    out_.notes.emplace_back(
        "a secret that is encrypted with a key of your own needs kms:Decrypt on that key too.");
  }

  void note_what_is_missing() {
    if (any_account_) {
      out_.notes.emplace_back(
          "no account is given, so the policy holds for every one: give --account.");
    }
    if (any_region_) {
      out_.notes.emplace_back(
          "no region is set, so the policy holds for every one: set AWS_REGION.");
    }
    if (!settings_.aws.role.role_arn.empty()) {
      out_.notes.push_back(fmt::format(
          "this is the policy of the role {}. The worker's own keys need sts:AssumeRole on it, and "
          "nothing else.",
          settings_.aws.role.role_arn));
    }
  }

  void add(std::string_view id, std::vector<std::string_view> actions, names resources) {
    if (!resources.empty()) statements_.push_back({id, std::move(actions), std::move(resources)});
  }

  template <class Texts>
  static std::string list_of(const Texts& texts) {
    if (texts.size() == 1) return connector::json::quote(texts.front());
    std::string out = "[";
    for (const auto& each : texts) {
      out += fmt::format("{}\n        {}", out.size() > 1 ? "," : "", connector::json::quote(each));
    }
    return out + "\n      ]";
  }

  [[nodiscard]] std::string document() const {
    std::string out = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [";
    for (const auto& each : statements_) {
      out += fmt::format(
          "{}\n    {{\n      \"Sid\": \"{}\",\n      \"Effect\": \"Allow\",\n      \"Action\": "
          "{},\n"
          "      \"Resource\": {}\n    }}",
          &each == &statements_.front() ? "" : ",", each.id, list_of(each.actions),
          list_of(each.resources));
    }
    return out + "\n  ]\n}\n";
  }

  const config::settings& settings_;
  const policy_arguments& asked_;
  const aws_place& place_;
  bool any_account_ = false;
  bool any_region_ = false;
  std::vector<statement> statements_;
  iam_policy out_;
};

}  // namespace

iam_policy policy_for(const config::settings& settings, const policy_arguments& asked,
                      const aws_place& place) {
  return policy_writer(settings, asked, place).run();
}

}  // namespace worker::cli
