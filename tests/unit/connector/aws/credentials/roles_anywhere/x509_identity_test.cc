// Certificates and keys as they are found in files, and what they sign.
#include "connector/aws/credentials/roles_anywhere/x509_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/sandbox/aws/x509_signature.h"
#include "tests/sandbox/lambda/certificates.h"

namespace connector::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

x509_texts texts_of(const sandbox::issued_certificate& from, const std::string& passphrase = "") {
  return {from.certificate, "", secret_string(from.key), secret_string(passphrase)};
}

std::string problem(const x509_texts& from) {
  const auto read = x509_identity::read(from);
  return read ? "" : read.error();
}

bool verifies(const std::string& certificate_pem, const std::string& text, const std::string& hex) {
  std::string signature;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    signature += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  BIO* in = BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size()));
  X509* certificate = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr,
                           X509_get0_pubkey(certificate)) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size()) == 1;
  EVP_MD_CTX_free(context);
  X509_free(certificate);
  BIO_free(in);
  return good;
}

// Made with openssl: serial number 0x00ff..ff of 20 bytes and so on are covered by decimal_of.
TEST(X509Identity, SignsWithEveryKindOfKey) {
  const sandbox::certificate_authority authority;
  struct row {
    bool rsa;
    const char* curve;
    const char* algorithm;
  };
  for (const row& one :
       {row{true, "", "AWS4-X509-RSA-SHA256"}, row{false, "P-256", "AWS4-X509-ECDSA-SHA256"},
        row{false, "P-384", "AWS4-X509-ECDSA-SHA256"}}) {
    sandbox::leaf_options options;
    options.rsa = one.rsa;
    if (!one.rsa) options.curve = one.curve;
    const auto issued = authority.issue(options);
    const auto who = x509_identity::read(texts_of(issued));
    ASSERT_TRUE(who) << who.error();
    EXPECT_EQ(who->algorithm(), one.algorithm);
    const auto signature = who->sign("a text");
    EXPECT_TRUE(verifies(issued.certificate, "a text", signature));
    EXPECT_FALSE(verifies(issued.certificate, "another text", signature));
    EXPECT_EQ(signature.find_first_not_of("0123456789abcdef"), std::string::npos);
    if (one.rsa) {
      EXPECT_EQ(signature.size(), 512U);
    } else {
      EXPECT_EQ(signature.substr(0, 2), "30");  // a DER SEQUENCE
    }
  }
}

TEST(X509Identity, WritesTheCertificateAsTheHeadersWantIt) {
  const sandbox::certificate_authority authority;
  const auto issued = authority.issue();
  const auto who = x509_identity::read(texts_of(issued));
  ASSERT_TRUE(who);
  auto base64 = issued.certificate;
  for (const char* armour : {"-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"}) {
    base64.erase(base64.find(armour), std::string(armour).size());
  }
  std::erase(base64, '\n');
  EXPECT_EQ(who->certificate(), base64);
  EXPECT_EQ(who->chain(), "");
  EXPECT_EQ(who->serial().find_first_not_of("0123456789"), std::string::npos);
  EXPECT_LT(who->not_before(), wall_clock::now());
  EXPECT_GT(who->not_after(), wall_clock::now() + std::chrono::hours(23));
}

TEST(X509Identity, TakesIntermediatesFromBothTextsAndLeavesRootsOut) {
  const sandbox::certificate_authority root;
  const auto upper = root.intermediate("upper");
  const auto lower = upper.intermediate("lower");
  const auto issued = lower.issue();
  auto texts = texts_of(issued);
  texts.certificates = issued.chain + root.root_pem();
  const auto one = x509_identity::read(texts);
  ASSERT_TRUE(one) << one.error();
  EXPECT_EQ(std::count(one->chain().begin(), one->chain().end(), ','), 1);
  texts.certificates = issued.certificate;
  texts.more = issued.chain.substr(issued.certificate.size()) + root.root_pem();
  const auto two = x509_identity::read(texts);
  ASSERT_TRUE(two) << two.error();
  EXPECT_EQ(one->chain(), two->chain());
  EXPECT_EQ(one->certificate(), two->certificate());
}

TEST(X509Identity, DecryptsTheKeyWithThePassphrase) {
  const sandbox::certificate_authority authority;
  sandbox::leaf_options options;
  options.passphrase = "open sesame";
  const auto issued = authority.issue(options);
  ASSERT_THAT(issued.key, HasSubstr("ENCRYPTED"));
  EXPECT_EQ(problem(texts_of(issued, "open sesame")), "");
  EXPECT_THAT(problem(texts_of(issued)), HasSubstr("no passphrase is set"));
  const auto wrong = problem(texts_of(issued, "shut sesame"));
  EXPECT_THAT(wrong, HasSubstr("cannot be decrypted"));
  EXPECT_THAT(wrong, Not(HasSubstr("sesame")));
  EXPECT_THAT(problem(texts_of(issued, std::string(5000, 'x'))), HasSubstr("cannot be decrypted"));
  // A key that is not encrypted needs none and minds none.
  EXPECT_EQ(problem(texts_of(authority.issue(), "open sesame")), "");
}

TEST(X509Identity, SaysWhatIsWrongAndRepeatsNothing) {
  const sandbox::certificate_authority authority;
  const auto issued = authority.issue();
  const auto other = authority.issue();
  const auto broken = [](std::string pem) { return pem.replace(pem.size() / 2, 8, "########"); };
  const auto with = [](const std::string& certificates, const std::string& more,
                       const std::string& key) {
    return problem({certificates, more, secret_string(key), secret_string()});
  };
  EXPECT_THAT(with("", "", issued.key), HasSubstr("no certificate"));
  EXPECT_THAT(with("private words", "", issued.key), HasSubstr("no certificate"));
  EXPECT_THAT(with(issued.key, "", issued.key), HasSubstr("no certificate"));
  EXPECT_THAT(with(broken(issued.certificate), "", issued.key), HasSubstr("cannot be read"));
  EXPECT_THAT(with(issued.certificate, "private words", issued.key), HasSubstr("intermediates"));
  EXPECT_THAT(with(issued.certificate, broken(other.certificate), issued.key),
              HasSubstr("intermediates"));
  EXPECT_THAT(with(issued.certificate, "", ""), HasSubstr("private key cannot be read"));
  EXPECT_THAT(with(issued.certificate, "", "private words"), HasSubstr("private key cannot be"));
  EXPECT_THAT(with(issued.certificate, "", broken(issued.key)), HasSubstr("private key"));
  EXPECT_THAT(with(issued.certificate, "", other.key), HasSubstr("not that of the certificate"));
  EXPECT_THAT(with("private words", "", issued.key), Not(HasSubstr("private words")));
  std::string many;
  for (int i = 0; i < 12; ++i) many += other.certificate;
  EXPECT_THAT(with(issued.certificate, many, issued.key), HasSubstr("intermediates"));
  EXPECT_EQ(with(issued.certificate, other.certificate, issued.key), "");
}

TEST(X509Identity, RefusesKeysThatTheServiceDoesNotTake) {
  const std::string ed25519 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n";
  const sandbox::certificate_authority authority;
  auto texts = texts_of(authority.issue());
  texts.key = secret_string(ed25519);
  EXPECT_THAT(problem(texts), HasSubstr("must be RSA or EC"));
}

TEST(X509Signature, WritesSerialNumbersInDecimal) {
  EXPECT_EQ(sandbox::decimal_of(""), "0");
  EXPECT_EQ(sandbox::decimal_of(std::string(3, '\0')), "0");
  EXPECT_EQ(sandbox::decimal_of("\x01\x01"), "257");
  EXPECT_EQ(sandbox::decimal_of(std::string(20, '\xff')),
            "1461501637330902918203684832716283019655932542975");
}

}  // namespace
}  // namespace connector::aws
