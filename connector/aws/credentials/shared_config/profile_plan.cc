#include "connector/aws/credentials/shared_config/profile_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/credentials/sts/sts_request.h"
#include "connector/base/number.h"

namespace connector::aws {

namespace {

using kind = source_failure::kind;

// Each role is one more call to STS; real profiles have two or three.
constexpr std::size_t max_roles = 10;

source_failure refused(std::string message) { return {kind::rejected, std::move(message)}; }

source_failure wrong(const std::string& profile, const file_place& at, std::string_view problem) {
  return refused(fmt::format("Profile '{}' ({}): {}", profile, place_text(at), problem));
}

class planner {
 public:
  planner(const profile_files& files, bool asked_for) : files_(files), asked_for_(asked_for) {}

  planned run(const std::string& first) {
    std::string name = first;
    for (;;) {
      const auto found = files_.profiles.find(name);
      if (found == files_.profiles.end()) return missing(name);
      const auto& profile = found->second;
      if (auto answer = look(name, profile)) return *std::move(answer);
      if (next_ == name) {
        // A profile may assume a role with its own keys.
        if (auto keys = keys_of(name, profile)) return *std::move(keys);
        return wrong(name, profile.find("source_profile")->at,
                     "it names itself as source_profile and has no keys of its own.");
      }
      if (std::find(seen_.begin(), seen_.end(), next_) != seen_.end()) {
        return wrong(name, profile.find("source_profile")->at,
                     fmt::format("source_profile goes round in a circle back to '{}'.", next_));
      }
      from_ = {name, profile.find("source_profile")->at};
      name = next_;
    }
  }

 private:
  planned missing(const std::string& name) const {
    if (!from_.first.empty()) {
      return wrong(from_.first, from_.second,
                   fmt::format("source_profile names '{}', which is in neither file.", name));
    }
    if (!asked_for_) return source_failure{kind::not_configured, "no profile 'default'"};
    return refused(
        fmt::format("Profile '{}' is in neither of the shared files. In the config file its "
                    "section is [profile {}].",
                    name, name));
  }

  // The plan, or what is wrong; nothing when source_profile leads on to `next_`.
  std::optional<planned> look(const std::string& name, const section& profile) {
    const bool first = seen_.empty();
    seen_.push_back(name);
    const auto* role = profile.find("role_arn");
    // Where the chain begins the role counts, further on the keys: that is where it ends.
    if (role == nullptr || !first) {
      if (auto keys = keys_of(name, profile)) return keys;
    }
    if (role != nullptr) return look_at_role(name, profile, *role);
    return without_role(name, profile);
  }

  std::optional<planned> look_at_role(const std::string& name, const section& profile,
                                      const property& arn) {
    if (const auto* mfa = profile.find("mfa_serial")) {
      return wrong(name, mfa->at,
                   "mfa_serial asks for a code that a person types, which a server cannot. Use a "
                   "role whose trust policy asks for none.");
    }
    const auto* source = profile.find("source_profile");
    const auto* origin = profile.find("credential_source");
    const auto* token = profile.find("web_identity_token_file");
    const int given = (source != nullptr) + (origin != nullptr) + (token != nullptr);
    if (given != 1) {
      return wrong(name, arn.at,
                   fmt::format("role_arn needs {} of source_profile, credential_source and "
                               "web_identity_token_file.",
                               given == 0 ? "one" : "only one"));
    }
    auto made = role_of(name, profile);
    if (!made) return made.error();
    if (token != nullptr) {
      plan_.web_role = *std::move(made);
      plan_.token_file = token->value.reveal();
      return done(profile_plan::base::web_identity, name, token->at);
    }
    if (plan_.roles.size() >= max_roles) {
      return wrong(name, arn.at, fmt::format("more than {} roles in a row.", max_roles));
    }
    plan_.roles.insert(plan_.roles.begin(), {*std::move(made), name});
    if (origin != nullptr) return at_origin(name, *origin);
    next_ = source->value.reveal();
    return std::nullopt;
  }

  planned at_origin(const std::string& name, const property& origin) {
    const auto value = origin.value.reveal();
    if (value == "Environment") return done(profile_plan::base::environment, name, origin.at);
    if (value == "EcsContainer") return done(profile_plan::base::container, name, origin.at);
    if (value == "Ec2InstanceMetadata") return done(profile_plan::base::imds, name, origin.at);
    return wrong(name, origin.at,
                 "credential_source must be Environment, EcsContainer or Ec2InstanceMetadata.");
  }

  std::optional<planned> without_role(const std::string& name, const section& profile) {
    if (const auto* command = profile.find("credential_process")) {
      plan_.command = command->value;
      return done(profile_plan::base::process, name, command->at);
    }
    for (const auto* entry : {"sso_session", "sso_start_url", "sso_account_id", "login_session"}) {
      const auto* found = profile.find(entry);
      if (found == nullptr) continue;
      return wrong(name, found->at,
                   fmt::format("{} is for people at a browser. Use a role, credential_process or "
                               "IAM Roles Anywhere for a server.",
                               entry));
    }
    if (const auto* alone = profile.find("web_identity_token_file")) {
      return wrong(name, alone->at, "web_identity_token_file needs role_arn.");
    }
    if (const auto* alone = profile.find("source_profile")) {
      return wrong(name, alone->at, "source_profile needs role_arn.");
    }
    if (seen_.size() == 1 && !asked_for_) {
      return source_failure{kind::not_configured, "profile 'default' has no credentials"};
    }
    return wrong(name, profile.at,
                 "it has neither keys nor role_arn nor credential_process, so no credentials.");
  }

  // The plan when the profile has keys, or what is wrong with them.
  std::optional<planned> keys_of(const std::string& name, const section& profile) {
    const auto* id = profile.find("aws_access_key_id");
    const auto* secret = profile.find("aws_secret_access_key");
    if (id == nullptr && secret == nullptr) return std::nullopt;
    const auto& at = id != nullptr ? id->at : secret->at;
    const auto* token = profile.find("aws_session_token");
    auto keys = static_credentials(
        profile.text("aws_access_key_id"), secret == nullptr ? secret_string() : secret->value,
        token == nullptr ? secret_string() : token->value,
        fmt::format("shared files, profile {} ({})", name, at.file),
        {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"});
    if (!keys) return wrong(name, at, keys.error().message);
    plan_.keys = *std::move(keys);
    return done(profile_plan::base::keys, name, at);
  }

  boost::system::result<assumed_role, source_failure> role_of(const std::string& name,
                                                              const section& profile) const {
    assumed_role role;
    role.role_arn = profile.text("role_arn");
    role.external_id = profile.text("external_id");
    role.session_name = profile.text("role_session_name");
    auto at = profile.find("role_arn")->at;
    if (const auto* given = profile.find("duration_seconds")) {
      const auto text = given->value.reveal();
      // Zero means the default elsewhere, and is not in the range of the service.
      role.duration_seconds = integer_in(text, 1, std::numeric_limits<int>::max()).value_or(-1);
      at = given->at;
    }
    const auto error = find_error(role);
    if (!error) return role;
    static constexpr std::pair<std::string_view, const char*> names[] = {
        {"roleArn", "role_arn"},
        {"externalId", "external_id"},
        {"roleSessionName", "role_session_name"},
        {"durationSeconds", "duration_seconds"}};
    for (const auto& [field, entry] : names) {
      if (error->field != field) continue;
      return wrong(name, profile.find(entry)->at, fmt::format("{} {}.", entry, error->message));
    }
    return wrong(name, at, error->message);
  }

  planned done(profile_plan::base from, const std::string& name, const file_place& at) {
    plan_.from = from;
    plan_.profile = name;
    plan_.at = at;
    return std::move(plan_);
  }

  const profile_files& files_;
  const bool asked_for_;
  profile_plan plan_;
  std::vector<std::string> seen_;
  std::string next_;
  std::pair<std::string, file_place> from_;  // who led to the profile that is looked at
};

}  // namespace

planned plan_profile(const profile_files& files, const std::string& name, bool asked_for) {
  return planner(files, asked_for).run(name);
}

}  // namespace connector::aws
