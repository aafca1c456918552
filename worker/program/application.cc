#include "worker/program/application.h"

#include <algorithm>
#include <iterator>

#include "connector/aws/endpoint.h"
#include "connector/base/log.h"
#include "connector/base/memory_budget.h"
#include "connector/base/percent.h"
#include "connector/base/shortened.h"
#include "connector/http/pooled_client.h"
#include "connector/lambda/service.h"
#include "worker/program/child_variables.h"
#include "worker/program/endpoint_settings.h"
#include "worker/program/gateway_channel.h"
#include "worker/program/http_settings.h"
#include "worker/program/room_settings.h"
#include "worker/program/shared_settings.h"
#include "worker/program/version.h"
#include "worker/secrets/environment_source.h"
#include "worker/secrets/file_source.h"

namespace worker::program {

namespace {

// The secrets in "http://user:password@host:port": the login and its password, with and without
// percent-encoding. The host is not a secret; messages name it.
std::vector<connector::secret_string> login_of(const connector::secret_string& url) {
  auto authority = url.reveal();
  if (const auto scheme = authority.find("://"); scheme != std::string_view::npos) {
    authority.remove_prefix(scheme + 3);
  }
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const auto end = authority.rfind('@');
  if (end == std::string_view::npos) return {};
  std::vector<connector::secret_string> out;
  const auto login = authority.substr(0, end);
  for (const auto part : {login, login.substr(std::min(login.find(':'), login.size() - 1) + 1)}) {
    out.emplace_back(std::string(part));
    if (auto meant = connector::percent_decode(part)) out.emplace_back(std::move(*meant));
  }
  return out;
}

// The bound of each question that readiness depends on.
constexpr std::chrono::milliseconds probe_time{5000};

std::optional<admin::token_figures> figures_of(const gateway_login* login) {
  const auto from = login == nullptr ? std::nullopt : login->figures();
  if (!from) return std::nullopt;
  admin::token_figures out{from->fetched, from->failed, from->taken_over, from->refused, {}, {}};
  if (from->since && from->expires) {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    const auto now = connector::boot_clock::now();
    out.age = duration_cast<milliseconds>(now - *from->since);
    out.left = duration_cast<milliseconds>(*from->expires - now);
  }
  return out;
}

boost::asio::awaitable<bool> gateway_answers(engine::gateway& gateway) {
  engine::topology ignored;
  const auto answer = co_await gateway.ask_topology(ignored, probe_time);
  co_return answer.ok();
}

boost::asio::awaitable<admin::credentials_found> look_for_credentials(
    connector::aws::credentials_provider& from, std::string region,
    const secrets::redaction_registry& redaction) {
  connector::aws::identity who;
  who.region = std::move(region);
  const auto end = connector::boot_clock::now() + probe_time;
  const auto keys = co_await from.get(who, end);
  admin::credentials_found found;
  if (keys.has_value()) {
    found.source = keys->source;
    found.expires = keys->expires;
    found.key_id = keys->access_key_id;
  } else {
    found.error = redaction.mask(keys.error().message);
  }
  co_return found;
}

}  // namespace

application::application(boost::asio::any_io_executor loop, const config::settings& settings,
                         std::function<void(const connector::lambda::attempt_report&)> watch,
                         std::vector<std::string>* mistakes)
    : loop_(std::move(loop)),
      settings_(settings),
      files_(variables_of(settings.aws)),
      warnings_(warnings_of_shared_files(settings.aws, files_)),
      aws_(with_shared_files(settings.aws, files_, mistakes)),
      redaction_(std::make_shared<secrets::redaction_registry>()),
      limits_({static_cast<std::size_t>(settings.jobs.max_active), {}}) {
  connector::log::set_redaction(
      [masks = redaction_](std::string text) { return masks->mask(std::move(text)); });
  connector::set_front_cutter([known = redaction_](std::string_view text, std::size_t most) {
    return known->front(text, most);
  });
  for (const auto* name : {"AWS_LAMBDA_AWS_SECRET_KEY", "AWS_SECRET_ACCESS_KEY",
                           "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"}) {
    const auto found = settings.aws.variables.find(name);
    if (found != settings.aws.variables.end())
      own_secrets_.push_back(redaction_->add_own(found->second));
  }
  for (const auto* proxy : {&settings.aws.https_proxy, &settings.gateway.proxy}) {
    for (const auto& each : login_of(*proxy)) own_secrets_.push_back(redaction_->add_own(each));
  }
  for (const auto& name : settings.secrets.order) add_secret_source(name);
  for (const auto& source : owned_sources_) sources_.push_back(source.get());
  const auto in_data =
      settings.secrets.in_data_any ? secrets::data_mode::any : secrets::data_mode::listed;
  resolver_ = std::make_unique<secrets::resolver>(sources_, in_data, secrets::resolve_limits{},
                                                  redaction_.get());
  // An engine with one tenant alone has nothing to keep apart.
  if (!settings.jobs.tenant_ids.empty()) {
    resolver_->separate_tenants(tenant_mode_of(settings.secrets.of_tenants));
  }

  policies_ = policy::policy_rules(settings.policy.all());

  auto http = client_settings_of(settings);
  http.ca_bundle = aws_.ca_bundle;
  if (settings.aws.ca_bundle.empty() && !http.ca_bundle.empty()) {
    http.trust_setting = source_in_shared_files("ca_bundle", files_);
  }
  ca_bundle_setting_ = http.trust_setting;
  if (mistakes != nullptr) {
    auto unusable = connector::http::take_out_unusable_files(http);
    std::move(unusable.begin(), unusable.end(), std::back_inserter(*mistakes));
    aws_.ca_bundle = http.ca_bundle;
  }
  endpoints_ = endpoint_choices_of(aws_);
  may_connect_ = address_check_of(endpoints_, settings.policy);
  http.may_connect = [this](const auto&... asked) { return may_connect_(asked...); };
  response_budget_ = std::make_shared<connector::memory_budget>(settings.jobs.byte_budget / 2);
  http.response_budget = response_budget_;
  http_ = connector::http::make_client(loop_, http);
  credentials_ = std::make_unique<credentials_factory>(
      loop_, credentials_factory::dependencies{
                 aws_, settings.profiles, endpoints_, files_, *http_, *resolver_, *redaction_,
                 user_agent_of(aws_), settings.jobs.worker_name,
                 [prefix = settings.secrets.environment_prefix](std::string_view name) {
                   return is_hidden_variable(name, prefix);
                 }});
  connector::aws::secrets_manager_settings secret;
  secret.secret_id = settings.secrets.aws_secret;
  secret.region = aws_.region;
  secret.endpoint_of = [this](std::string_view region) {
    return connector::aws::service_endpoint("secretsmanager", region, endpoints_);
  };
  secret.user_agent = user_agent_of(aws_);
  secrets_manager_ = std::make_unique<connector::aws::secrets_manager>(std::move(secret), *http_,
                                                                       credentials_->provider());
  connector::aws::probe_settings proofs;
  proofs.endpoint_of = [this](std::string_view service, std::string_view region) {
    return connector::aws::service_endpoint(service, region, endpoints_);
  };
  proofs.user_agent = user_agent_of(aws_);
  probe_ = std::make_unique<connector::aws::probe>(std::move(proofs), *http_);
  auto how = lambda_settings_of(aws_, endpoints_, meter_);
  // Calls that wait for a throttled function take at most a quarter of the slots, all together.
  how.max_waiting =
      std::max<std::size_t>(1, static_cast<std::size_t>(settings.jobs.max_active) / 4);
  how.observe = std::move(watch);
  limits_.replace(settings.limits);
  how.limits = &limits_;
  how.mask = [masks = redaction_](std::string text) { return masks->mask(std::move(text)); };
  service_ = admin::metered(
      connector::lambda::make_service(std::move(how), *http_, credentials_->provider()), meter_);
}

application::~application() = default;

void application::add_secret_source(std::string_view name) {
  const auto& from = settings_.secrets;
  if (name == "files" && !from.directory.empty()) {
    owned_sources_.push_back(
        std::make_unique<secrets::file_source>(from.directory, from.own_files));
  }
  if (name == "environment") {
    owned_sources_.push_back(
        std::make_unique<secrets::environment_source>(from.environment_prefix, from.environment));
  }
  if (name == "aws" && !from.aws_secret.empty()) {
    auto store = std::make_unique<secrets::remote_source>(
        loop_, "AWS Secrets Manager, secret " + from.aws_secret,
        [this](connector::deadline end) { return secrets_manager_->get(end); }, from.aws_refresh);
    store_ = store.get();
    owned_sources_.push_back(std::move(store));
  }
}

boost::asio::awaitable<std::string> application::load_secrets() {
  if (store_ == nullptr) co_return std::string();
  co_return co_await store_->load();
}

boost::asio::awaitable<void> application::begin() {
  co_await load_secrets();
  if (store_ != nullptr) store_->start();
  if (auto* const by = login()) by->keep_fresh();
  worker().start();
}

void application::take_over(const config::settings& fresh) {
  // Programs that read the log expect one form of all lines of a run.
  connector::log::set_up(fresh.log.least, settings_.log.how);
  policies_ = policy::policy_rules(fresh.policy.all());
  may_connect_ = address_check_of(endpoints_, fresh.policy);
  limits_.replace(fresh.limits);
  credentials_->replace_profiles(fresh.profiles);
  if (worker_) worker_->replace_policies(policies_);
  if (store_ != nullptr) store_->refresh();
}

void application::close_idle() {
  if (store_ != nullptr) store_->stop();
  credentials_->stop();
  if (login_) login_->stop();
  http_->close_idle();
}

gateway_login* application::login() {
  if (!login_) login_ = make_gateway_login(loop_, settings_, *redaction_, user_agent());
  return login_.get();
}

engine::grpc_gateway& application::gateway() {
  if (!gateway_) {
    auto channel = channel_settings_of(settings_);
    channel.user_agent = user_agent();
    auto* const by = login();
    gateway_ = std::make_unique<engine::grpc_gateway>(loop_, std::move(channel),
                                                      by == nullptr ? nullptr : &by->at_gateway());
  }
  return *gateway_;
}

jobs::job_worker& application::worker() {
  if (!worker_) {
    auto how = worker_settings_of(settings_);
    how.response_budget = response_budget_;
    how.gateway_hint = gateway_hint_;
    worker_ = std::make_unique<jobs::job_worker>(
        loop_, jobs::job_worker::dependencies{gateway(), *service_, *resolver_, *redaction_},
        std::move(how), connector::system_random());
  }
  return *worker_;
}

admin::admin_port& application::admin() {
  if (!admin_) {
    admin::admin_port::dependencies deps{worker(), meter_,           gateway(), {}, {},
                                         {},       version_number(), {},        {}};
    deps.connections = [this] {
      const auto counts = http_->count();
      return admin::connection_figures{counts.requests,           counts.connections_opened,
                                       counts.connections_failed, counts.tls_handshakes,
                                       counts.tls_resumed,        counts.reused,
                                       counts.found_dead,         counts.open};
    };
    deps.limits = [this] { return limits_.figures(); };
    deps.throttled = [this] { return service_->throttled(); };
    deps.tokens = [this] { return figures_of(login()); };
    deps.secrets = [this] {
      admin::secret_figures out{resolver_->lookups(), {}};
      if (store_ != nullptr) out.store = store_->count();
      return out;
    };
    deps.ask_gateway = [this] { return gateway_answers(gateway()); };
    deps.try_credentials = [this] {
      return look_for_credentials(credentials_->provider(), aws_.region, *redaction_);
    };
    deps.gateway_address = settings_.gateway.address;
    for (const auto& each : settings_.shown) {
      if (each.source == "default" || each.value.empty()) continue;
      deps.changed.push_back({std::string(each.key), each.value, each.source});
    }
    deps.status_page = settings_.admin.status_page;
    admin_ = std::make_unique<admin::admin_port>(loop_, std::move(deps));
  }
  return *admin_;
}

void set_up_log(const config::settings& settings) {
  connector::log::set_up(settings.log.least, settings.log.how);
}

}  // namespace worker::program
