#include "worker/config/login_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "connector/base/ip_address.h"
#include "worker/config/address.h"
#include "worker/config/saas.h"

namespace worker::config {

namespace {

constexpr std::string_view cloud_domain = ".camunda.io";

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const auto address = connector::ip_address_of(host);
  return address && address->is_loopback();
}

class login_checks {
 public:
  explicit login_checks(loaded& into)
      : into_(into), login_(into.values.login), gateway_(into.values.gateway) {}

  void run() {
    const bool oauth =
        is_set("login.clientId") || is_set("login.clientSecret") || is_set("login.keyStore");
    const bool basic = is_set("login.username") || is_set("login.password");
    if (login_.wanted) {
      login_.method = *login_.wanted;
    } else if (oauth && basic) {
      return add_issue("login.method",
                       "both a client (OAuth) and a user (basic authentication) are set: take one "
                       "away, or say which counts with CAMUNDA_CLIENT_AUTH_METHOD=oidc or basic.");
    } else {
      login_.method = oauth   ? login_method::oauth
                      : basic ? login_method::basic
                              : login_method::none;
    }
    switch (login_.method) {
      case login_method::none:
        if (!login_.wanted) unused();
        return;
      case login_method::basic:
        need("login.username", login_.user_name.empty(), "CAMUNDA_BASIC_AUTH_USERNAME");
        need("login.password", login_.password.empty(), "CAMUNDA_BASIC_AUTH_PASSWORD");
        if (login_.user_name.find(':') != std::string::npos) {
          add_issue("login.username", "a user name of basic authentication can have no colon.");
        }
        break;
      case login_method::oauth:
        need("login.clientId", login_.client_id.empty(), "CAMUNDA_CLIENT_ID");
        proof();
        token_server();
        tls_of_token_server();
        break;
    }
    plaintext_gateway();
  }

 private:
  [[nodiscard]] std::string source_of(std::string_view key) const {
    return into_.values.source_of(key);
  }
  [[nodiscard]] bool is_set(std::string_view key) const { return into_.values.is_set(key); }
  [[nodiscard]] bool is_told(std::string_view key) const {
    return std::any_of(into_.issues.begin(), into_.issues.end(),
                       [&](const auto& one) { return one.key == key; });
  }
  void add_issue(std::string_view key, std::string text) {
    into_.issues.push_back({std::string(key), source_of(key), std::move(text)});
  }

  void need(std::string_view key, bool missing, std::string_view variable) {
    if (!missing || is_told(key)) return;
    const auto* const method = login_.method == login_method::basic
                                   ? "basic authentication (login.method)"
                                   : "OAuth (login.method)";
    into_.issues.push_back({std::string(key), std::string(variable),
                            fmt::format("it is not set, and {} at the gateway needs it.", method)});
  }

  // A secret or a certificate.
  void proof() {
    const bool by_certificate = !login_.key_store.empty();
    if (!by_certificate) {
      need("login.clientSecret", login_.client_secret.empty(),
           "CAMUNDA_CLIENT_SECRET (or CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH)");
    } else if (!login_.client_secret.empty()) {
      idle("login.clientSecret", "the certificate of login.keyStore counts");
    }
    if (by_certificate) return;
    for (const auto* key :
         {"login.keyStorePassword", "login.keyAlias", "login.keyPassword", "login.keyFile"}) {
      idle(key, "there is no CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH");
    }
  }

  void idle(std::string_view key, std::string_view why) {
    if (!is_set(key)) return;
    into_.warnings.push_back(
        fmt::format("{} ({}) is set and not used: {}.", source_of(key), key, why));
  }

  void token_server() {
    const auto host = host_of(gateway_.target);
    const bool in_cloud = !gateway_.cluster_id.empty();
    if (login_.audience.empty()) login_.audience = in_cloud ? std::string(saas_audience) : host;
    if (login_.token_url.empty() && !is_told("login.tokenUrl")) {
      if (in_cloud || host.ends_with(cloud_domain)) {
        login_.token_url = saas_token_url;
      } else {
        // Existing clients would send the secret to the cloud of the vendor.
        need("login.tokenUrl", true, "CAMUNDA_AUTHORIZATION_SERVER_URL");
      }
    }
    if (login_.token_url.starts_with("http://") && !is_loopback(host_of(login_.token_url))) {
      into_.warnings.push_back(
          fmt::format("{} (login.tokenUrl) is not https: any party that can read the network there "
                      "can read the "
                      "client's secret and its tokens.",
                      source_of("login.tokenUrl")));
    }
  }

  void tls_of_token_server() {
    if (login_.token_url.starts_with("http://")) {
      for (const auto* key : {"login.tlsKeyStore", "login.caFile"}) {
        idle(key, "the token server is reached in plaintext");
      }
    }
    if (login_.tls_key_store.empty()) {
      for (const auto* key :
           {"login.tlsKeyStorePassword", "login.tlsKeyPassword", "login.tlsKeyFile"}) {
        idle(key, "there is no CAMUNDA_SSL_CLIENT_KEYSTORE_PATH");
      }
    }
    if (login_.ca_file.empty()) {
      idle("login.caFilePassword",
           "there is no LAMBDA_CONNECTOR_LOGIN_CA_FILE (or CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH)");
    }
  }

  void plaintext_gateway() {
    if (gateway_.tls || gateway_.target.empty() || is_loopback(host_of(gateway_.target))) return;
    into_.warnings.push_back(fmt::format(
        "the gateway {} is reached in plaintext: any party that can read the network there can "
        "read the "
        "{}. Use https:// in CAMUNDA_GRPC_ADDRESS.",
        gateway_.address, login_.method == login_method::basic ? "password" : "tokens"));
  }

  void unused() {
    for (const auto& shown : into_.values.shown) {
      if (!shown.key.starts_with("login.") || shown.source == "default") continue;
      into_.warnings.push_back(
          fmt::format("{} ({}) is set and not used: without CAMUNDA_CLIENT_ID or "
                      "CAMUNDA_BASIC_AUTH_USERNAME the worker does not log in at the gateway.",
                      shown.source, shown.key));
    }
  }

  loaded& into_;
  login_settings& login_;
  const gateway_settings& gateway_;
};

}  // namespace

void complete_login(loaded& into) { login_checks(into).run(); }

}  // namespace worker::config
