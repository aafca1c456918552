#include "worker/program/token_server_tls.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "connector/base/file_bytes.h"
#include "connector/base/log.h"
#include "connector/base/small_file.h"
#include "connector/oauth/key_store.h"
#include "worker/program/http_settings.h"

namespace worker::program {

namespace http = connector::http;
namespace oauth = connector::oauth;
using connector::secret_string;

namespace {

constexpr std::size_t most_bytes = 1024 * 1024;

[[noreturn]] void refuse(const std::string& setting, const std::string& path,
                         std::string_view why) {
  throw std::runtime_error(fmt::format("{}: {} for the token server: {}", setting, path, why));
}

secret_string content_of(const std::string& path, const std::string& setting) {
  auto file = connector::read_file_bytes(path, most_bytes);
  if (file.result == connector::file_text::state::read) return secret_string::take(file.text);
  refuse(setting, path,
         "it cannot be read: " + (file.reason.empty() ? "no such file" : file.reason));
}

std::optional<connector::file_stamp> stamp_of(const std::string& path) {
  return path.empty() ? std::nullopt : connector::stamp_of(path);
}

}  // namespace

token_server_tls::token_server_tls(const config::settings& from)
    : settings_(from.login),
      key_store_setting_(
          setting_named(from, "login.tlsKeyStore", "CAMUNDA_SSL_CLIENT_KEYSTORE_PATH")),
      key_file_setting_(
          setting_named(from, "login.tlsKeyFile", "LAMBDA_CONNECTOR_LOGIN_TLS_KEY_FILE")),
      ca_file_setting_(setting_named(from, "login.caFile", "LAMBDA_CONNECTOR_LOGIN_CA_FILE")),
      seen_(look()),
      now_(std::make_shared<http::tls_material>(read())) {}

bool token_server_tls::is_wanted(const config::login_settings& from) {
  return !from.tls_key_store.empty() || !from.ca_file.empty();
}

token_server_tls::state token_server_tls::look() const {
  return {stamp_of(settings_.tls_key_store), stamp_of(settings_.tls_key_file),
          stamp_of(settings_.ca_file)};
}

http::tls_material token_server_tls::read() const {
  http::tls_material out;
  if (!settings_.tls_key_store.empty()) {
    const auto& path = settings_.tls_key_store;
    oauth::key_store store;
    store.content = content_of(path, key_store_setting_);
    if (!settings_.tls_key_file.empty()) {
      store.key = content_of(settings_.tls_key_file, key_file_setting_);
    }
    store.password = settings_.tls_key_store_password;
    store.key_password = settings_.tls_key_password;
    auto own = oauth::read_key_store(store);
    if (!own) refuse(key_store_setting_, path, own.error());
    out.chain.push_back(std::move(own->certificate));
    for (auto& each : own->issuers) out.chain.push_back(std::move(each));
    out.key = std::move(own->key);
    if (const auto trouble = trouble_of(out); !trouble.empty()) {
      refuse(key_store_setting_, path, "OpenSSL does not take it: " + trouble);
    }
  }
  if (!settings_.ca_file.empty()) {
    auto roots = oauth::read_trust_store(content_of(settings_.ca_file, ca_file_setting_),
                                         settings_.ca_file_password);
    if (!roots) refuse(ca_file_setting_, settings_.ca_file, roots.error());
    out.roots = *std::move(roots);
  }
  return out;
}

std::shared_ptr<const http::tls_material> token_server_tls::current() {
  auto found = look();
  if (found == seen_) return now_;
  // The files of a pair change one after the other: what does not fit now may fit at the next
  // connection, when the second one has come.
  seen_ = found;
  try {
    now_ = std::make_shared<http::tls_material>(read());
    connector::log::info(
        "the certificates for the token server have changed: new connections use the new ones");
  } catch (const std::runtime_error& failed) {
    connector::log::error(
        "the certificates for the token server have changed and cannot be used: those before count",
        {{"reason", failed.what()}});
  }
  return now_;
}

}  // namespace worker::program
