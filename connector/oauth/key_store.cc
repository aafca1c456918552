#include "connector/oauth/key_store.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/oauth/pkcs12.h"

namespace connector::oauth {

namespace {

using identity = boost::system::result<certified_key, std::string>;
using certificates = std::vector<certificate_ptr>;

constexpr std::size_t most_certificates = 20;
constexpr std::size_t most_roots = 1000;

// Of JKS and JCEKS, whose encryption is Java's own.
bool is_java_key_store(std::string_view bytes) {
  using namespace std::string_view_literals;
  return bytes.starts_with("\xFE\xED\xFE\xED"sv) || bytes.starts_with("\xCE\xCE\xCE\xCE"sv);
}

constexpr const char* java_key_store =
    "it is a key store of the old form JKS, which only Java reads. Write it as PKCS#12: keytool "
    "-importkeystore -srckeystore OLD -destkeystore NEW -deststoretype pkcs12";

// The issuer of `of` among `others`, taken out of them; null: it is not there.
certificate_ptr take_issuer(X509* of, certificates& others) {
  const auto found = std::find_if(others.begin(), others.end(), [&](const auto& one) {
    return X509_check_issued(one.get(), of) == X509_V_OK;
  });
  if (found == others.end()) return nullptr;
  auto out = std::move(*found);
  others.erase(found);
  return out;
}

identity paired(certificates all, private_key_ptr key) {
  const auto own = std::find_if(all.begin(), all.end(), [&](const auto& one) {
    return X509_check_private_key(one.get(), key.get()) == 1;
  });
  if (own == all.end()) {
    ERR_clear_error();
    return std::string(all.empty() ? "there is no certificate in it"
                                   : "none of its certificates belongs to the key");
  }
  certified_key out{std::move(*own), std::move(key), {}};
  all.erase(own);
  for (auto next = take_issuer(out.certificate.get(), all); next;
       next = take_issuer(out.issuers.back().get(), all)) {
    out.issuers.push_back(std::move(next));
  }
  ERR_clear_error();
  return out;
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

boost::system::result<certified_key, std::string> read_key_store(const key_store& from) {
  if (is_java_key_store(from.content.reveal())) return std::string(java_key_store);
  return is_pkcs12(from.content.reveal()) ? of_pkcs12(from) : of_pem(from);
}

boost::system::result<certificates, std::string> read_trust_store(const secret_string& content,
                                                                  const secret_string& password) {
  const auto bytes = content.reveal();
  if (is_java_key_store(bytes)) return std::string(java_key_store);
  if (is_pkcs12(bytes)) {
    auto all = read_pkcs12(bytes, password, {});
    if (!all) return all.error();
    if (all->certificates.empty()) return std::string("there is no certificate in it");
    return std::move(all->certificates);
  }
  auto read = read_certificates(bytes, most_roots);
  if (read.damaged) return std::string("it is damaged behind its first block");
  if (read.certificates.empty())
    return std::string("it is neither PKCS#12 nor a certificate in PEM");
  return std::move(read.certificates);
}

}  // namespace connector::oauth
