#include "connector/oauth/pkcs12.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include <climits>
#include <cstdint>
#include <memory>
#include <utility>

#include "connector/base/openssl_memory.h"

namespace connector::oauth {

namespace {

// openssl makes files with 2,048 rounds, keytool with 10,000. More than this would take seconds.
constexpr long most_rounds = 1'000'000;
constexpr int most_parts = 1000;  // the authorities that Java trusts are 150

// The stacks of OpenSSL free their elements by macros.
void free_safes(STACK_OF(PKCS7) * all) { sk_PKCS7_pop_free(all, PKCS7_free); }
void free_bags(STACK_OF(PKCS12_SAFEBAG) * all) {
  sk_PKCS12_SAFEBAG_pop_free(all, PKCS12_SAFEBAG_free);
}

using store_ptr = std::unique_ptr<PKCS12, freed_by<PKCS12_free>>;
using safes_ptr = std::unique_ptr<STACK_OF(PKCS7), freed_by<free_safes>>;
using bags_ptr = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), freed_by<free_bags>>;
using key_info_ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, freed_by<PKCS8_PRIV_KEY_INFO_free>>;

constexpr const char* old_encryption =
    "the store is encrypted in a way that OpenSSL 3 does not read (RC2, as Java before 8u301 has "
    "it). Write it again with keytool -importkeystore of a newer Java";

constexpr const char* no_checksum = "the store has no checksum of its password (MAC)";

store_ptr store_of(std::string_view bytes) {
  if (bytes.empty() || bytes.size() > LONG_MAX) return nullptr;
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  store_ptr out(d2i_PKCS12(nullptr, &from, static_cast<long>(bytes.size())));
  ERR_clear_error();
  return out;
}

int size_of(const secret_string& text) { return static_cast<int>(text.reveal().size()); }

bool has_sane_rounds(const PKCS12* store) {
  const ASN1_INTEGER* rounds = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, store);
  return rounds == nullptr || ASN1_INTEGER_get(rounds) <= most_rounds;
}

// Everything else in the file can be trusted as far as the one who knew the password.
bool is_opened_by(PKCS12* store, const secret_string& password) {
  const auto text = password.reveal();
  if (PKCS12_verify_mac(store, text.data(), size_of(password)) == 1) return true;
  // "No password" has two forms.
  return text.empty() && PKCS12_verify_mac(store, nullptr, 0) == 1;
}

bags_ptr bags_of(PKCS7* safe, const secret_string& password) {
  if (PKCS7_type_is_data(safe)) return bags_ptr(PKCS12_unpack_p7data(safe));
  if (!PKCS7_type_is_encrypted(safe)) return bags_ptr(sk_PKCS12_SAFEBAG_new_null());
  return bags_ptr(PKCS12_unpack_p7encdata(safe, password.reveal().data(), size_of(password)));
}

std::string alias_of(PKCS12_SAFEBAG* bag) {
  char* text = PKCS12_get_friendlyname(bag);
  if (text == nullptr) return {};
  std::string out = text;
  give_back_to_openssl(text);
  return out;
}

private_key_ptr key_of(PKCS12_SAFEBAG* bag, const secret_string& password) {
  if (PKCS12_SAFEBAG_get_nid(bag) == NID_keyBag) {
    return private_key_ptr(EVP_PKCS82PKEY(PKCS12_SAFEBAG_get0_p8inf(bag)));
  }
  const key_info_ptr info(PKCS12_decrypt_skey(bag, password.reveal().data(), size_of(password)));
  return private_key_ptr(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
}

void take_certificate(PKCS12_SAFEBAG* bag, pkcs12_content& into) {
  if (PKCS12_SAFEBAG_get_nid(bag) != NID_certBag) return;
  if (certificate_ptr one{PKCS12_SAFEBAG_get1_cert(bag)}) {
    into.certificates.push_back(std::move(one));
  }
}

void take(PKCS12_SAFEBAG* bag, const secret_string& key_password, pkcs12_content& into) {
  switch (PKCS12_SAFEBAG_get_nid(bag)) {
    case NID_keyBag:
    case NID_pkcs8ShroudedKeyBag:
      into.keys.push_back({alias_of(bag), key_of(bag, key_password)});
      return;
    default:
      take_certificate(bag, into);
  }
}

}  // namespace

bool is_pkcs12(std::string_view bytes) { return store_of(bytes) != nullptr; }

boost::system::result<pkcs12_content, std::string> read_pkcs12(std::string_view bytes,
                                                               const secret_string& password,
                                                               const secret_string& key_password) {
  const auto store = store_of(bytes);
  if (!store) return std::string("it is no PKCS#12 file");
  // Java writes stores of trusted certificates without one; nothing else is taken out of them.
  const bool has_mac = PKCS12_mac_present(store.get()) == 1;
  if (!has_mac && !password.empty()) return std::string(no_checksum);
  if (!has_sane_rounds(store.get())) {
    return std::string("the store wants more than a million rounds for its password");
  }
  const bool opened = !has_mac || is_opened_by(store.get(), password);
  ERR_clear_error();
  if (!opened) {
    return std::string(password.empty() ? "the store has a password, and none is set"
                                        : "the password does not open the store");
  }
  pkcs12_content out;
  const safes_ptr safes(PKCS12_unpack_authsafes(store.get()));
  for (int i = 0; safes && i < std::min(sk_PKCS7_num(safes.get()), most_parts); ++i) {
    PKCS7* safe = sk_PKCS7_value(safes.get(), i);
    if (!has_mac && !PKCS7_type_is_data(safe)) return std::string(no_checksum);
    const auto bags = bags_of(safe, password);
    if (!bags) {
      ERR_clear_error();
      return std::string(old_encryption);
    }
    for (int j = 0; j < std::min(sk_PKCS12_SAFEBAG_num(bags.get()), most_parts); ++j) {
      auto* bag = sk_PKCS12_SAFEBAG_value(bags.get(), j);
      if (has_mac) {
        take(bag, key_password.empty() ? password : key_password, out);
      } else {
        take_certificate(bag, out);
      }
    }
  }
  ERR_clear_error();
  return out;
}

}  // namespace connector::oauth
