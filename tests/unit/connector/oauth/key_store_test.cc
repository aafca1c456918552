// Certificates with their keys, as operators have them in files.
#include "connector/oauth/key_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/sandbox/lambda/certificates.h"

namespace connector::oauth {
namespace {

using sandbox::certificate_authority;
using sandbox::issued_certificate;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct entry {
  std::string alias;
  issued_certificate issued;
  std::string key_password;
};

struct store_options {
  std::string password = "hunter2";
  int rounds = 100;
  int mac_rounds = 100;
  bool with_mac = true;
  bool with_certificates = true;
  bool encrypted_keys = true;
};

private_key_ptr key_of(const issued_certificate& from) {
  return read_private_key(from.key, {}).key;
}

// As keytool makes it: keys with aliases in one safe, certificates in an encrypted one.
std::string store_with(const std::vector<entry>& entries, const store_options& how = {}) {
  STACK_OF(PKCS12_SAFEBAG)* keys = nullptr;
  STACK_OF(PKCS12_SAFEBAG)* certificates = nullptr;
  for (const auto& each : entries) {
    const auto key = key_of(each.issued);
    const auto& own = each.key_password.empty() ? how.password : each.key_password;
    auto* bag = PKCS12_add_key(&keys, key.get(), 0, how.rounds,
                               how.encrypted_keys ? NID_aes_256_cbc : -1, own.c_str());
    PKCS12_add_friendlyname_utf8(bag, each.alias.c_str(), -1);
    const auto read = read_certificates(each.issued.certificate, 1);
    if (how.with_certificates) {
      PKCS12_add_cert(&certificates, read.certificates.front().get());
    }
  }
  STACK_OF(PKCS7)* safes = nullptr;
  PKCS12_add_safe(&safes, keys, -1, 0, nullptr);
  if (certificates != nullptr) {
    PKCS12_add_safe(&safes, certificates, NID_aes_256_cbc, how.rounds, how.password.c_str());
  }
  PKCS12* made = PKCS12_add_safes(safes, 0);
  if (how.with_mac) {
    PKCS12_set_mac(made, how.password.c_str(), -1, nullptr, 0, how.mac_rounds, EVP_sha256());
  }
  unsigned char* bytes = nullptr;
  const int size = i2d_PKCS12(made, &bytes);
  std::string out(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  PKCS12_free(made);
  sk_PKCS7_pop_free(safes, PKCS7_free);
  sk_PKCS12_SAFEBAG_pop_free(keys, PKCS12_SAFEBAG_free);
  sk_PKCS12_SAFEBAG_pop_free(certificates, PKCS12_SAFEBAG_free);
  EXPECT_EQ(ERR_peek_error(), 0U);
  return out;
}

class KeyStore : public testing::Test {
 protected:
  issued_certificate rsa(const std::string& name = "worker") {
    sandbox::leaf_options how;
    how.common_name = name;
    how.rsa = true;
    return authority.issue(how);
  }
  issued_certificate ec(const std::string& curve = "P-256") {
    sandbox::leaf_options how;
    how.curve = curve;
    return authority.issue(how);
  }

  // Whether it is the pair of `issued`; the reason when it is not.
  static std::string is_pair_of(const issued_certificate& issued, const key_store& from) {
    const auto got = read_key_store(from);
    EXPECT_EQ(ERR_peek_error(), 0U) << "nothing is left in OpenSSL's queue";
    if (!got) return got.error();
    const auto read = read_certificates(issued.certificate, 1);
    const bool own = X509_cmp(got->certificate.get(), read.certificates.front().get()) == 0;
    const bool fits = X509_check_private_key(got->certificate.get(), got->key.get()) == 1;
    return own && fits ? "" : "another certificate or key";
  }

  static key_store of(std::string content, std::string password = "", std::string alias = "") {
    return {secret_string(std::move(content)),
            {},
            secret_string(std::move(password)),
            {},
            std::move(alias)};
  }

  certificate_authority authority;
};

TEST_F(KeyStore, ReadsPkcs12) {
  const auto one = rsa();
  EXPECT_EQ(is_pair_of(one, of(store_with({{"worker", one, ""}}), "hunter2")), "");
  const auto other = ec();
  EXPECT_EQ(is_pair_of(other, of(store_with({{"", other, ""}}), "hunter2")), "");
  EXPECT_EQ(
      is_pair_of(one, of(store_with({{"worker", one, ""}}, {.encrypted_keys = false}), "hunter2")),
      "");
  EXPECT_EQ(is_pair_of(one, of(store_with({{"worker", one, ""}}, {.password = ""}))), "");
}

TEST_F(KeyStore, KeyIsChosenByItsAlias) {
  const auto first = rsa("first");
  const auto second = rsa("second");
  const auto content = store_with({{"first", first, ""}, {"Second", second, ""}});
  EXPECT_EQ(is_pair_of(first, of(content, "hunter2")), "") << "the first one without an alias";
  EXPECT_EQ(is_pair_of(first, of(content, "hunter2", "first")), "");
  EXPECT_EQ(is_pair_of(second, of(content, "hunter2", "second")), "") << "keytool ignores the case";
  EXPECT_EQ(is_pair_of(first, of(content, "hunter2", "third\n")),
            "it has no key with the alias third?; there are: first, Second");
}

TEST_F(KeyStore, KeyMayHaveAPasswordOfItsOwn) {
  const auto one = rsa();
  auto from = of(store_with({{"worker", one, "of-the-key"}}), "hunter2");
  EXPECT_EQ(is_pair_of(one, from), "the password of the key does not open it");
  from.key_password = secret_string("of-the-key");
  EXPECT_EQ(is_pair_of(one, from), "");
}

TEST_F(KeyStore, ReadsPem) {
  for (const auto& one : {rsa(), ec()}) {
    EXPECT_EQ(is_pair_of(one, of(one.certificate + one.key)), "");
    EXPECT_EQ(is_pair_of(one, of(one.key + one.chain)), "");
    auto two_files = of(one.chain);
    EXPECT_EQ(is_pair_of(one, two_files), "there is no private key in it (PEM)");
    two_files.key = secret_string(one.key);
    EXPECT_EQ(is_pair_of(one, two_files), "");
  }
  sandbox::leaf_options how;
  how.rsa = true;
  how.passphrase = "hunter2";
  const auto locked = authority.issue(how);
  EXPECT_EQ(is_pair_of(locked, of(locked.certificate + locked.key, "hunter2")), "");
  EXPECT_EQ(is_pair_of(locked, of(locked.certificate + locked.key, "wrong")),
            "the private key is encrypted, and the password does not open it");
}

TEST_F(KeyStore, WhatCannotBeUsedIsToldWithoutSecrets) {
  const auto one = rsa();
  const auto other = rsa();
  const std::vector<entry> entries = {{"worker", one, ""}};
  const auto store = store_with(entries);
  struct row {
    key_store from;
    const char* says;
  };
  const row rows[] = {
      {of(store, "wrong-hunter"), "the password does not open the store"},
      {of(store), "none is set"},
      {of(store.substr(0, store.size() / 2), "hunter2"), "neither PKCS#12 nor"},
      {of("", "hunter2"), "neither PKCS#12 nor"},
      {of("hunter2"), "neither PKCS#12 nor"},
      {of(std::string(1000, '\0')), "neither PKCS#12 nor"},
      {of(store_with(entries, {.with_mac = false}), "hunter2"), "no checksum"},
      {of(store_with(entries, {.with_certificates = false}), "hunter2"), "no certificate in it"},
      {of(one.certificate + other.key), "none of its certificates belongs to the key"},
      {of(one.key), "neither PKCS#12 nor"},
      {of(std::string("\xFE\xED\xFE\xED\0\0\0\2", 8), "hunter2"), "keytool -importkeystore"},
      {of(std::string("\xCE\xCE\xCE\xCE\0\0\0\2", 8), "hunter2"), "only Java reads"},
  };
  for (const auto& each : rows) {
    const auto got = read_key_store(each.from);
    ASSERT_FALSE(got) << each.says;
    EXPECT_THAT(got.error(), AllOf(HasSubstr(each.says), Not(HasSubstr("hunter"))));
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

TEST_F(KeyStore, KeyOfAnyKindIsRead) {
  const auto one = ec("P-384");
  EXPECT_EQ(is_pair_of(one, of(one.certificate + one.key)), "");
}

TEST_F(KeyStore, IssuersFollowTheCertificateInOrder) {
  const auto below = authority.intermediate("one below").intermediate("two below");
  const auto one = below.issue();
  const auto other = certificate_authority("another").issue();
  const auto got =
      read_key_store(of(other.certificate + authority.root_pem() + one.chain + one.key));
  ASSERT_TRUE(got) << got.error();
  std::vector<std::string> issuers;
  for (const auto& each : got->issuers) issuers.push_back(issuer_text(each.get()));
  EXPECT_THAT(issuers,
              testing::ElementsAre("CN = one below", "CN = Sandbox root", "CN = Sandbox root"))
      << "two below, one below, and the root itself; not the certificate of another authority";
}

TEST_F(KeyStore, TrustedCertificatesComeFromPemAndPkcs12) {
  const certificate_authority second("Second root");
  const auto pem = read_trust_store(secret_string(authority.root_pem() + second.root_pem()), {});
  ASSERT_TRUE(pem) << pem.error();
  EXPECT_EQ(pem->size(), 2U);
  const auto one = rsa();
  const auto stored =
      read_trust_store(secret_string(store_with({{"a", one, ""}})), secret_string("hunter2"));
  ASSERT_TRUE(stored) << stored.error();
  EXPECT_EQ(stored->size(), 1U);
}

TEST_F(KeyStore, TrustStoreThatCannotBeUsedIsToldWithoutSecrets) {
  const auto store = store_with({{"a", rsa(), ""}});
  const std::pair<std::string, const char*> rows[] = {
      {store, "the password does not open the store"},
      {store_with({{"a", rsa(), ""}}, {.password = "wrong-hunter", .with_certificates = false}),
       "there is no certificate in it"},
      {"", "neither PKCS#12 nor"},
      {authority.root_pem() + "-----BEGIN CERTIFICATE-----\nAAAA\n", "damaged"},
      {std::string("\xFE\xED\xFE\xED\0\0\0\2", 8), "-deststoretype pkcs12"},
  };
  for (const auto& [content, says] : rows) {
    const auto got = read_trust_store(secret_string(content), secret_string("wrong-hunter"));
    ASSERT_FALSE(got) << says;
    EXPECT_THAT(got.error(), AllOf(HasSubstr(says), Not(HasSubstr("hunter"))));
    EXPECT_EQ(ERR_peek_error(), 0U);
  }
}

// As keytool makes it with keystore.pkcs12.macAlgorithm=NONE.
TEST_F(KeyStore, OfAStoreWithoutChecksumOnlyPlainCertificatesCount) {
  STACK_OF(PKCS12_SAFEBAG)* bags = nullptr;
  const auto one = rsa();
  PKCS12_add_cert(&bags, read_certificates(one.certificate, 1).certificates.front().get());
  PKCS12_add_key(&bags, key_of(one).get(), 0, 100, -1, nullptr);
  STACK_OF(PKCS7)* safes = nullptr;
  PKCS12_add_safe(&safes, bags, -1, 0, nullptr);
  PKCS12* made = PKCS12_add_safes(safes, 0);
  unsigned char* bytes = nullptr;
  const int size = i2d_PKCS12(made, &bytes);
  const std::string store(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  PKCS12_free(made);
  sk_PKCS7_pop_free(safes, PKCS7_free);
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
  const auto trusted = read_trust_store(secret_string(store), {});
  ASSERT_TRUE(trusted) << trusted.error();
  EXPECT_EQ(trusted->size(), 1U);
  EXPECT_EQ(is_pair_of(one, of(store)), "there is no private key in it");
  EXPECT_EQ(is_pair_of(one, of(store_with({{"a", one, ""}}, {.with_mac = false}))),
            "the store has no checksum of its password (MAC)");
}

TEST_F(KeyStore, RoundsAreBounded) {
  const auto got =
      read_key_store(of(store_with({{"worker", ec(), ""}}, {.mac_rounds = 1'000'001}), "hunter2"));
  ASSERT_FALSE(got);
  EXPECT_THAT(got.error(), HasSubstr("a million rounds"));
}

}  // namespace
}  // namespace connector::oauth
