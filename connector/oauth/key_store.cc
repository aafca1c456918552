#include "connector/oauth/key_store.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/oauth/pkcs12.h"

namespace connector::oauth {

namespace {

using identity = boost::system::result<signing_identity, std::string>;

constexpr std::size_t most_certificates = 20;
constexpr int least_rsa_bits = 2048;

bool is_on_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                        &size) == 1 &&
         std::string_view(name.data(), size) == "prime256v1";
}

// Empty: assertions can be signed with it.
std::string trouble_of(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return EVP_PKEY_get_bits(key) < least_rsa_bits ? "the RSA key is shorter than 2048 bits" : "";
    case EVP_PKEY_EC:
      return is_on_p256(key) ? "" : "the EC key is not on the curve P-256";
    default:
      return "the private key must be RSA or EC";
  }
}

identity paired(std::vector<certificate_ptr> certificates, private_key_ptr key) {
  if (auto trouble = trouble_of(key.get()); !trouble.empty()) return trouble;
  const auto own = std::find_if(certificates.begin(), certificates.end(), [&](const auto& one) {
    return X509_check_private_key(one.get(), key.get()) == 1;
  });
  ERR_clear_error();
  if (own == certificates.end()) {
    return std::string(certificates.empty() ? "there is no certificate in it"
                                            : "none of its certificates belongs to the key");
  }
  return signing_identity{std::move(*own), std::move(key)};
}

std::string aliases_of(const std::vector<pkcs12_key>& keys) {
  constexpr std::size_t most_shown = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(keys.size(), most_shown); ++i) {
    out += (i > 0 ? ", " : "") + printable(keys[i].alias);
  }
  return keys.size() > most_shown ? out + ", ..." : out;
}

identity of_pkcs12(const key_store& from) {
  auto all = read_pkcs12(from.content.reveal(), from.password, from.key_password);
  if (!all) return all.error();
  const auto found = std::find_if(all->keys.begin(), all->keys.end(), [&](const auto& each) {
    return from.alias.empty() || ascii::equal_without_case(each.alias, from.alias);
  });
  if (found == all->keys.end()) {
    return all->keys.empty() ? std::string("there is no private key in it")
                             : fmt::format("it has no key with the alias {}; there are: {}",
                                           printable(from.alias), aliases_of(all->keys));
  }
  if (!found->key) return std::string("the password of the key does not open it");
  return paired(std::move(all->certificates), std::move(found->key));
}

identity of_pem(const key_store& from) {
  auto read = read_certificates(from.content.reveal(), most_certificates);
  if (read.damaged || read.certificates.empty()) {
    return std::string("it is neither PKCS#12 nor a certificate in PEM");
  }
  const auto& text = from.key.empty() ? from.content : from.key;
  auto key = read_private_key(text.reveal(),
                              from.key_password.empty() ? from.password : from.key_password);
  if (!key.key && !key.encrypted) return std::string("there is no private key in it (PEM)");
  if (!key.key)
    return std::string("the private key is encrypted, and the password does not open it");
  return paired(std::move(read.certificates), std::move(key.key));
}

}  // namespace

boost::system::result<signing_identity, std::string> read_key_store(const key_store& from) {
  return is_pkcs12(from.content.reveal()) ? of_pkcs12(from) : of_pem(from);
}

}  // namespace connector::oauth
