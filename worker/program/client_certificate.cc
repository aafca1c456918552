#include "worker/program/client_certificate.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "connector/base/clock.h"
#include "connector/base/file_bytes.h"
#include "connector/oauth/client_assertion.h"
#include "connector/oauth/key_store.h"

namespace worker::program {

namespace oauth = connector::oauth;

namespace {

using proof = boost::system::result<oauth::client_proof, std::string>;

constexpr std::size_t max_of_file = 1024 * 1024;
constexpr std::string_view store_setting = "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH";
constexpr std::string_view key_setting = "LAMBDA_CONNECTOR_LOGIN_KEY_FILE";

// Empty: `into` has the content of the file, or nothing when none is named.
std::string read_file(const std::string& path, std::string_view setting,
                      connector::secret_string& into) {
  if (path.empty()) return {};
  auto file = connector::read_file_bytes(path, max_of_file);
  if (file.result != connector::file_text::state::read) {
    return fmt::format("{}: {} cannot be read: {}", setting, path, file.reason);
  }
  into = connector::secret_string::take(file.text);
  return {};
}

proof proof_of(const config::login_settings& from) {
  oauth::key_store store{{}, {}, from.key_store_password, from.key_password, from.key_alias};
  if (auto wrong = read_file(from.key_store, store_setting, store.content); !wrong.empty()) {
    return wrong;
  }
  if (auto wrong = read_file(from.key_file, key_setting, store.key); !wrong.empty()) return wrong;
  const auto who = oauth::read_key_store(store);
  if (!who) return fmt::format("{}: {}: {}", store_setting, from.key_store, who.error());
  if (auto wrong = oauth::why_no_signer(who->key.get()); !wrong.empty()) {
    return fmt::format("{}: {}: {}", store_setting, from.key_store, wrong);
  }
  auto signed_text = oauth::signed_assertion(
      *who,
      {from.client_id, from.token_url, connector::wall_clock::now(), oauth::random_assertion_id()});
  if (!signed_text)
    return fmt::format("{}: {}: OpenSSL cannot sign with its key", store_setting, from.key_store);
  return oauth::client_proof{{}, *std::move(signed_text)};
}

}  // namespace

std::function<proof()> proof_by_certificate(const config::login_settings& from) {
  return [from] { return proof_of(from); };
}

}  // namespace worker::program
