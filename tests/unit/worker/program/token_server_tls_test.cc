// Certificates for the token server: out of the operator's files, and again when these change.
#include "worker/program/token_server_tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::program {
namespace {

using sandbox::certificate_authority;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TokenServerTls : public testing::Test {
 protected:
  // Into a file of its own first, as tools that renew certificates do it: it has another stamp.
  void put(const std::string& name, const std::string& text) {
    folder_.write(name + ".new", text);
    std::filesystem::rename(folder_.at(name + ".new"), folder_.at(name));
  }
  sandbox::issued_certificate issue(const std::string& name) {
    sandbox::leaf_options how;
    how.common_name = name;
    return authority_.issue(how);
  }
  config::settings with_pem() {
    config::settings out;
    out.login.tls_key_store = folder_.at("worker.pem");
    out.login.tls_key_file = folder_.at("worker.key");
    out.login.ca_file = folder_.at("roots.pem");
    return out;
  }
  void put_pair(const sandbox::issued_certificate& issued) {
    put("worker.pem", issued.chain);
    put("worker.key", issued.key);
  }

  static std::string name_of(const connector::http::tls_material& material) {
    char name[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(material.chain.front().get()), NID_commonName,
                              name, sizeof name);
    return name;
  }

  std::string refusal(const config::settings& from) {
    try {
      const token_server_tls made(from);
      return "it was taken";
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
  }

  tests::temporary_folder folder_;
  certificate_authority authority_;
};

TEST_F(TokenServerTls, ChainKeyAndRootsComeFromTheFiles) {
  const auto below = authority_.intermediate("Between");
  put_pair(below.issue());
  put("roots.pem", authority_.root_pem());
  token_server_tls files(with_pem());
  const auto got = files.current();
  EXPECT_EQ(got->chain.size(), 2U) << "with the authority between";
  EXPECT_EQ(X509_check_private_key(got->chain.front().get(), got->key.get()), 1);
  EXPECT_EQ(got->roots.size(), 1U);
  EXPECT_EQ(files.current(), got) << "unchanged files are one and the same";
}

TEST_F(TokenServerTls, EitherMayBeAlone) {
  put("roots.pem", authority_.root_pem());
  config::settings from;
  EXPECT_FALSE(token_server_tls::is_wanted(from.login));
  from.login.ca_file = folder_.at("roots.pem");
  EXPECT_TRUE(token_server_tls::is_wanted(from.login));
  EXPECT_TRUE(token_server_tls(from).current()->chain.empty());
  const auto own = issue("worker");
  put("worker.pem", own.certificate + own.key);
  from.login.ca_file.clear();
  from.login.tls_key_store = folder_.at("worker.pem");
  EXPECT_TRUE(token_server_tls::is_wanted(from.login));
  EXPECT_TRUE(token_server_tls(from).current()->roots.empty());
}

TEST_F(TokenServerTls, RenewedPairCountsOnceBothOfItsFilesAreThere) {
  put_pair(issue("first"));
  put("roots.pem", authority_.root_pem());
  token_server_tls files(with_pem());
  ASSERT_EQ(name_of(*files.current()), "first");
  const auto renewed = issue("second");
  put("worker.pem", renewed.chain);
  EXPECT_EQ(name_of(*files.current()), "first") << "the key has not come yet";
  EXPECT_EQ(name_of(*files.current()), "first");
  put("worker.key", renewed.key);
  EXPECT_EQ(name_of(*files.current()), "second");
  std::filesystem::remove(folder_.at("worker.pem"));
  EXPECT_EQ(name_of(*files.current()), "second") << "a file that is away for a moment";
  put("worker.pem", renewed.chain);
  put("roots.pem", authority_.root_pem() + certificate_authority("Second").root_pem());
  EXPECT_EQ(files.current()->roots.size(), 2U);
}

TEST_F(TokenServerTls, FilesThatCannotBeUsedAreNamedWithTheirSetting) {
  const auto own = issue("worker");
  put_pair(own);
  put("roots.pem", authority_.root_pem());
  const auto good = with_pem();
  EXPECT_EQ(refusal(good), "it was taken");

  auto from = good;
  from.login.tls_key_store = folder_.at("none.p12");
  EXPECT_THAT(refusal(from), AllOf(HasSubstr("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH"),
                                   HasSubstr("none.p12"), HasSubstr("cannot be read")));
  from = good;
  from.login.tls_key_file = folder_.at("none.key");
  EXPECT_THAT(refusal(from),
              AllOf(HasSubstr("LAMBDA_CONNECTOR_LOGIN_TLS_KEY_FILE"), HasSubstr("none.key")));
  from = good;
  from.login.ca_file = folder_.at("worker.key");
  EXPECT_THAT(refusal(from), AllOf(HasSubstr("LAMBDA_CONNECTOR_LOGIN_CA_FILE"),
                                   HasSubstr("worker.key"), Not(HasSubstr("PRIVATE"))));
  from.shown.push_back({"login.caFile", "x", "CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH"});
  EXPECT_THAT(refusal(from), HasSubstr("CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH"));
  folder_.write("old.jks", std::string("\xFE\xED\xFE\xED\0\0\0\2", 8));
  from = good;
  from.login.tls_key_store = folder_.at("old.jks");
  EXPECT_THAT(refusal(from), HasSubstr("keytool -importkeystore"));
  put("worker.key", issue("another").key);
  EXPECT_THAT(refusal(good), HasSubstr("belongs to the key"));
}

TEST_F(TokenServerTls, KeyThatTlsDoesNotTakeIsRefusedAtTheStart) {
  sandbox::leaf_options how;
  how.rsa = true;
  how.rsa_bits = 1024;
  const auto weak = authority_.issue(how);
  put("worker.pem", weak.certificate + weak.key);
  config::settings from;
  from.login.tls_key_store = folder_.at("worker.pem");
  EXPECT_THAT(refusal(from), AllOf(HasSubstr("OpenSSL does not take it"), HasSubstr("small")));
}

}  // namespace
}  // namespace worker::program
