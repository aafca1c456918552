#include "worker/program/gateway_login.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "connector/base/base64.h"
#include "connector/base/duration.h"
#include "connector/http/pooled_client.h"
#include "connector/http/url.h"
#include "connector/oauth/token_client.h"
#include "worker/program/client_certificate.h"
#include "worker/program/http_settings.h"
#include "worker/program/token_file.h"
#include "worker/program/token_server_tls.h"

namespace worker::program {

namespace asio = boost::asio;
namespace oauth = connector::oauth;
using connector::boot_clock;
using connector::secret_string;
using own_handle = secrets::redaction_registry::own_handle;

namespace {

class basic_login final : public gateway_login, public engine::login {
 public:
  basic_login(const config::login_settings& from, secrets::redaction_registry& redaction)
      : user_(from.user_name) {
    auto pair = from.user_name + ":" + std::string(from.password.reveal());
    auto encoded = connector::base64_encode(pair);
    connector::wipe(pair);
    own_.push_back(redaction.add_own(from.password));
    own_.push_back(redaction.add_own(secret_string(encoded)));
    value_ = secret_string("Basic " + encoded);
    connector::wipe(encoded);
  }

  engine::login& at_gateway() override { return *this; }

  asio::awaitable<engine::granted<secret_string>> authorization(connector::deadline) override {
    co_return value_;
  }
  bool refused(const secret_string&) override { return false; }

  asio::awaitable<engine::granted<std::string>> look(connector::deadline) override {
    co_return fmt::format("basic authentication as user {}", user_);
  }

 private:
  std::string user_;
  secret_string value_;
  std::vector<own_handle> own_;
};

oauth::token_client_settings client_settings(const config::login_settings& from,
                                             std::string user_agent) {
  auto where = connector::http::read_url(from.token_url);
  if (!where) {
    throw std::runtime_error("CAMUNDA_AUTHORIZATION_SERVER_URL (login.tokenUrl): " + where.error());
  }
  oauth::token_client_settings out;
  out.request = {*std::move(where), from.client_id, from.audience,
                 from.scope,        from.resource,  std::move(user_agent)};
  using proof = boost::system::result<oauth::client_proof, std::string>;
  if (from.key_store.empty()) {
    out.prove = [secret = from.client_secret] { return proof(oauth::client_proof{secret, {}}); };
  } else {
    out.prove = proof_by_certificate(from);
    // At the start a file that cannot be used is a mistake of the settings.
    if (const auto first = out.prove(); !first) throw std::runtime_error(first.error());
  }
  out.connect_time = from.connect_time;
  out.read_time = from.read_time;
  return out;
}

connector::http::client_settings http_settings(const config::settings& settings) {
  auto out = client_settings_of(settings);
  out.ca_bundle.clear();
  out.trust_setting = setting_named(settings, "login.caFile", "LAMBDA_CONNECTOR_LOGIN_CA_FILE");
  out.client_certificate.clear();
  out.client_key.clear();
  if (token_server_tls::is_wanted(settings.login)) {
    out.material = [files = std::make_shared<token_server_tls>(settings)] {
      return files->current();
    };
  }
  out.connections = out.idle = 2;
  return out;
}

class oauth_login final : public gateway_login, public engine::login {
 public:
  oauth_login(const asio::any_io_executor& loop, const config::settings& settings,
              secrets::redaction_registry& redaction, std::string user_agent)
      : http_(connector::http::make_client(loop, http_settings(settings))),
        client_(*http_, client_settings(settings.login, std::move(user_agent))),
        audience_(settings.login.audience),
        file_(settings.login.credentials_cache, settings.login.client_id),
        own_{redaction.add_own(settings.login.client_secret),
             redaction.add_own(settings.login.key_store_password),
             redaction.add_own(settings.login.key_password),
             redaction.add_own(settings.login.tls_key_store_password),
             redaction.add_own(settings.login.tls_key_password),
             redaction.add_own(settings.login.ca_file_password)} {
    oauth::token_cache_settings how;
    how.fetch = [this](connector::deadline end) { return client_.fetch(end); };
    how.store.load = [this] { return serving_ ? file_.load() : std::nullopt; };
    how.store.save = [this](const oauth::access_token& token) {
      if (serving_) file_.save(token);
    };
    how.watch = [&redaction](const secret_string& token) { return redaction.add_own(token); };
    tokens_ = std::make_shared<oauth::token_cache>(loop, std::move(how));
  }

  engine::login& at_gateway() override { return *this; }
  void keep_fresh() override {
    serving_ = true;
    tokens_->keep_fresh();
  }
  void stop() override {
    tokens_->stop();
    http_->close_idle();
  }
  [[nodiscard]] std::optional<oauth::token_figures> figures() const override {
    return tokens_->figures();
  }

  asio::awaitable<engine::granted<secret_string>> authorization(connector::deadline end) override {
    auto token = co_await tokens_->get(end);
    if (!token) co_return status_of(token.error());
    std::string value(prefix);
    value += token->value.reveal();
    co_return secret_string::take(value);
  }

  bool refused(const secret_string& value) override {
    return tokens_->refused(secret_string(std::string(value.reveal().substr(prefix.size()))));
  }

  asio::awaitable<engine::granted<std::string>> look(connector::deadline end) override {
    auto token = co_await tokens_->get(end);
    if (!token) co_return status_of(token.error());
    const auto left = std::chrono::floor<std::chrono::seconds>(token->expires - boot_clock::now());
    co_return fmt::format("a token of {} for audience {}, good for {}", client_.name(), audience_,
                          connector::human(left));
  }

 private:
  static constexpr std::string_view prefix = "Bearer ";

  // The call was never made: the token server's answer says whether it is worth another try.
  static engine::status status_of(const oauth::token_failure& why) {
    const bool passes = why.reason == oauth::token_failure::kind::unavailable;
    return {passes ? engine::status_code::unavailable : engine::status_code::unauthenticated,
            "there is no token for the gateway: " + why.message};
  }

  std::unique_ptr<connector::http::client> http_;
  oauth::token_client client_;
  std::string audience_;
  token_file file_;
  bool serving_ = false;  // look() alone asks the token server, whatever the file has
  std::vector<own_handle> own_;
  std::shared_ptr<oauth::token_cache> tokens_;
};

}  // namespace

std::unique_ptr<gateway_login> make_gateway_login(const asio::any_io_executor& loop,
                                                  const config::settings& settings,
                                                  secrets::redaction_registry& redaction,
                                                  std::string user_agent) {
  switch (settings.login.method) {
    case config::login_method::none:
      return nullptr;
    case config::login_method::basic:
      return std::make_unique<basic_login>(settings.login, redaction);
    case config::login_method::oauth:
      return std::make_unique<oauth_login>(loop, settings, redaction, std::move(user_agent));
  }
  return nullptr;
}

}  // namespace worker::program
