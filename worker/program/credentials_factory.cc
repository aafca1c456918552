#include "worker/program/credentials_factory.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "connector/aws/credentials/callback_source.h"
#include "connector/aws/credentials/metadata/metadata_request.h"
#include "connector/aws/credentials/roles_anywhere/roles_anywhere_source.h"
#include "connector/aws/credentials/shared_config/process_source.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/credentials/sts/role_sources.h"
#include "connector/base/backoff_limits.h"
#include "connector/base/small_file.h"
#include "worker/program/shared_settings.h"

namespace worker::program {

namespace aws = connector::aws;
using connector::secret_string;
using source_ptr = std::unique_ptr<aws::credentials_source>;

namespace {

constexpr std::size_t max_key_bytes = 64 * 1024;

connector::error away(std::string message) {
  connector::error e;
  e.code = connector::error_code::credentials_error;
  e.failure = connector::failure_class::not_started;
  e.message = std::move(message);
  return e;
}

// One key of a profile: its place and its last value. Redaction knows that value until the key has
// another one.
class profile_key {
 public:
  profile_key(config::key_place where, const credentials_factory::dependencies& deps)
      : where_(std::move(where)), secrets_(deps.secrets), redaction_(deps.redaction) {}

  // The current value; empty when the place is empty.
  connector::result<secret_string> value() {
    if (!where_.file.empty()) {
      auto file = connector::read_small_file(where_.file, max_key_bytes);
      if (file.result != connector::file_text::state::read) {
        return away(fmt::format("The file {} cannot be read: {}.", where_.file, file.reason));
      }
      auto text = secret_string::take(file.text);
      known_ = redaction_.add_own(text);
      return text;
    }
    if (where_.secret.empty()) return secret_string();
    auto found = secrets_.look_up(where_.secret);
    if (found.result == secrets::lookup_result::state::found) {
      known_ = redaction_.add_own(found.value);
      return std::move(found.value);
    }
    return away(fmt::format("The secret {} {}.", where_.secret,
                            found.reason.empty() ? "is in no source" : found.reason));
  }

 private:
  config::key_place where_;
  const secrets::resolver& secrets_;
  secrets::redaction_registry& redaction_;
  secrets::redaction_registry::own_handle known_;
};

// `deps` outlive the source.
source_ptr keys_source(const config::credential_profile& profile,
                       const credentials_factory::dependencies& deps) {
  auto name = fmt::format("keys of profile {}", profile.name);
  auto look = [id = profile.access_key_id, name, key = profile_key(profile.secret_access_key, deps),
               session = profile_key(profile.session_token, deps)]() mutable -> aws::fetched {
    using kind = aws::source_failure::kind;
    auto secret = key.value();
    if (secret.has_error()) return aws::source_failure{kind::unavailable, secret.error().message};
    auto token = session.value();
    if (token.has_error()) return aws::source_failure{kind::unavailable, token.error().message};
    auto made = aws::static_credentials(id, *std::move(secret), *std::move(token), name);
    if (made.has_error()) return aws::source_failure{kind::rejected, made.error().message};
    return *std::move(made);
  };
  return aws::make_callback_source(std::move(look), std::move(name));
}

boost::asio::awaitable<connector::result<secret_string>> value_of(
    std::shared_ptr<profile_key> key) {
  co_return key->value();
}

aws::key_material material(const config::key_place& where,
                           const credentials_factory::dependencies& deps) {
  aws::key_material out;
  out.file = where.file;
  if (!where.secret.empty()) {
    out.ask = [key = std::make_shared<profile_key>(where, deps)](connector::deadline /*end*/) {
      return value_of(key);
    };
  }
  return out;
}

// Keys that the worker fetches are masked like keys from its settings.
aws::key_watch watch_of(secrets::redaction_registry& redaction) {
  using own = secrets::redaction_registry::own_handle;
  return [&redaction](const aws::credentials& met) -> std::shared_ptr<const void> {
    std::vector<own> holds = {redaction.add_own(met.secret_access_key),
                              redaction.add_own(met.session_token)};
    return std::make_shared<const std::vector<own>>(std::move(holds));
  };
}

// Sessions that tasks ask for: their number is in the hand of data, so no handle is kept. Redaction
// remembers them as long as secrets that no job uses.
aws::key_watch watch_of_tasks(secrets::redaction_registry& redaction) {
  return [&redaction](const aws::credentials& met) -> std::shared_ptr<const void> {
    redaction.add(met.secret_access_key);
    redaction.add(met.session_token);
    return nullptr;
  };
}

aws::assumed_role role_of(const std::string& arn, const std::string& session_name,
                          std::chrono::seconds duration) {
  aws::assumed_role role;
  role.role_arn = arn;
  role.session_name = session_name;
  role.duration_seconds = static_cast<int>(duration.count());
  return role;
}

aws::assumed_role role_of(const config::role_to_assume& from) {
  auto role = role_of(from.role_arn, from.session_name, from.duration);
  role.external_id = from.external_id;
  role.session_tags = from.session_tags;
  return role;
}

}  // namespace

credentials_factory::credentials_factory(boost::asio::any_io_executor loop, dependencies deps)
    : deps_(std::move(deps)),
      tools_{deps_.calls, variables_of(deps_.aws), [] { return connector::wall_clock::now(); },
             [] { return connector::boot_clock::now(); }},
      metadata_(aws::make_metadata_client(loop, tools_.look_up, deps_.aws.ca_bundle)) {
  aws::sts_settings how;
  how.endpoint_of = [this](std::string_view region) {
    return aws::service_endpoint("sts", region, deps_.endpoints);
  };
  how.session_name = deps_.session_name;
  how.user_agent = deps_.user_agent;
  how.watch = watch_of(deps_.redaction);
  sts_ = std::make_unique<aws::sts>(tools_, std::move(how));
  aws::identity_settings kept;
  kept.refresh.watch = watch_of(deps_.redaction);
  kept.watch_of_tasks = watch_of_tasks(deps_.redaction);
  identities_ = std::make_unique<aws::caching_provider>(loop, *sts_, own_source(), std::move(kept));
  for (const auto& profile : deps_.profiles) add_profile(profile);
}

credentials_factory::~credentials_factory() = default;

// The chain, and the operator's role on top of it. The allow-lists do not apply to that role: they
// restrict tasks.
source_ptr credentials_factory::own_source() {
  auto chain = aws::make_default_chain({tools_, *metadata_, deps_.files, *sts_, deps_.aws.region,
                                        connector::system_random(), deps_.hidden});
  if (deps_.aws.role.role_arn.empty()) return chain;
  auto role = role_of(deps_.aws.role);
  if (const auto error = aws::find_error(role)) {
    throw std::runtime_error(
        fmt::format("LAMBDA_CONNECTOR_ASSUME_ROLE_*: {} {}.", error->field, error->message));
  }
  return aws::make_role_source(*sts_, std::move(chain), std::move(role), deps_.aws.region);
}

void credentials_factory::replace_profiles(std::vector<config::credential_profile> profiles) {
  if (profiles == deps_.profiles) return;
  deps_.profiles = std::move(profiles);
  identities_->forget_profiles();
  for (const auto& profile : deps_.profiles) add_profile(profile);
}

void credentials_factory::stop() {
  identities_->stop();
  metadata_->close_idle();
}

// The profiles that this one is built on come first; the configuration has no circles.
void credentials_factory::add_profile(const config::credential_profile& profile) {
  if (identities_->profile_source(profile.name)) return;
  if (profile.from == config::credential_profile::source::profile) {
    const auto* other = config::find_profile(deps_.profiles, profile.other);
    if (other == nullptr) throw std::runtime_error("no credential profile " + profile.other);
    add_profile(*other);
  }
  auto source = source_of(profile);
  if (profile.assume) {
    auto role = role_of(*profile.assume);
    const auto& region = profile.region.empty() ? deps_.aws.region : profile.region;
    source = aws::make_role_source(*sts_, std::move(source), std::move(role), region);
  }
  identities_->add_profile(profile.name, std::move(source));
}

source_ptr credentials_factory::source_of(const config::credential_profile& profile) {
  using from = config::credential_profile::source;
  const auto& region = profile.region.empty() ? deps_.aws.region : profile.region;
  const aws::chain_dependencies parts{
      tools_, *metadata_, deps_.files, *sts_, region, connector::system_random(), deps_.hidden};
  const auto makers = aws::makers_of(parts);
  switch (profile.from) {
    case from::worker:
      break;
    case from::profile:
      return identities_->profile_source(profile.other);
    case from::keys:
      return keys_source(profile, deps_);
    case from::environment:
      return makers.environment();
    case from::web_identity: {
      auto role = role_of(profile.role_arn, profile.session_name, profile.duration);
      if (role.role_arn.empty()) role.role_arn = tools_.look_up("AWS_ROLE_ARN").value_or("");
      auto file = profile.token_file;
      if (file.empty()) file = tools_.look_up("AWS_WEB_IDENTITY_TOKEN_FILE").value_or("");
      return aws::make_web_identity_source(*sts_, std::move(role), std::move(file), region);
    }
    case from::shared_profile: {
      auto& files = other_files_[{profile.name, profile.other}];
      if (!files) files = std::make_unique<aws::shared_files>(tools_.look_up, profile.other);
      return aws::make_files_source(*files, *sts_, region, makers);
    }
    case from::process:
      return aws::make_process_source(secret_string(profile.command),
                                      "process of profile " + profile.name, deps_.hidden);
    case from::container:
      return makers.container();
    case from::metadata:
      return makers.imds();
    case from::roles_anywhere: {
      aws::roles_anywhere_settings how;
      how.name = profile.name;
      how.session = {profile.trust_anchor_arn, profile.profile_arn, profile.role_arn,
                     profile.session_name, static_cast<int>(profile.duration.count())};
      how.certificate_file = profile.certificate_file;
      how.chain_file = profile.chain_file;
      how.private_key = material(profile.private_key, deps_);
      how.passphrase = material(profile.passphrase, deps_);
      how.endpoint_of = [this](std::string_view of) {
        return aws::service_endpoint("rolesanywhere", of, deps_.endpoints);
      };
      how.user_agent = deps_.user_agent;
      return aws::make_roles_anywhere_source(tools_, std::move(how));
    }
  }
  return identities_->own_source();
}

}  // namespace worker::program
