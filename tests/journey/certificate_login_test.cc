// The login at the gateway by a certificate, and a token server that asks for one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/journey/login_fixture.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using sandbox::token_server;
using namespace std::chrono_literals;

class JourneyCertificateLogin : public login_fixture {
 protected:
  ~JourneyCertificateLogin() override { std::filesystem::remove(file_); }

  // Into the file as a whole, as tools that renew certificates do it.
  void put(const sandbox::issued_certificate& issued) {
    sandbox::write_file(file_ + ".new", issued.certificate + issued.key);
    std::filesystem::rename(file_ + ".new", file_);
  }
  // Tokens live for 1.5 s. Returns the certificate that the worker begins with.
  sandbox::issued_certificate begin() {
    auto issued = authority.issue();
    put(issued);
    tokens.know_certificate(issued.certificate);
    tokens.set_life(1500ms);
    start({{"CAMUNDA_CLIENT_SECRET", ""}, {"CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH", file_}});
    return issued;
  }

  sandbox::certificate_authority authority;
  const std::string file_ =
      (std::filesystem::temp_directory_path() / ("lc-key-store-" + std::to_string(::getpid())))
          .string();
};

TEST_F(JourneyCertificateLogin, CertificateIsTheProof) {
  begin();
  while (tokens.given() < 3) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.asked(), tokens.given());
  EXPECT_EQ(tokens.kept_out(), 0);
}

TEST_F(JourneyCertificateLogin, RenewedCertificateCountsWithTheNextToken) {
  // given
  begin();
  expect_completed(env->engine().create(call_of("echo")));

  // when
  const auto renewed = authority.issue();
  tokens.know_certificate(renewed.certificate);
  put(renewed);
  const auto before = tokens.given();

  // then
  while (tokens.given() < before + 2) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.kept_out(), 0);
}

TEST_F(JourneyCertificateLogin, FileThatIsAwayForAMomentIsOneFailureMore) {
  // given
  const auto issued = begin();
  expect_completed(env->engine().create(call_of("echo")));

  // when
  std::filesystem::remove(file_);
  ASSERT_TRUE(env->wait([this] { return !tokens.is_good(tokens.tokens().back()); }));
  const auto late = env->engine().create(call_of("echo"));
  put(issued);

  // then
  expect_completed(late);
}

// A token server that asks for a client certificate.
class JourneyTokenServerTls : public login_fixture {
 protected:
  // The server gets its certificate of this authority, and the worker its own and the root.
  void put(const sandbox::certificate_authority& from, const std::string& name) {
    const auto server = from.issue();
    tokens.use_tls({server.chain, server.key, from.root_pem()});
    sandbox::leaf_options how;
    how.common_name = name;
    const auto own = from.issue(how);
    write("worker.pem", own.certificate);
    write("worker.key", own.key);
    write("roots.pem", from.root_pem());
  }
  // Another file in its place, as tools that renew certificates do it.
  void write(const std::string& name, const std::string& text) {
    folder.write(name + ".new", text);
    std::filesystem::rename(folder.at(name + ".new"), folder.at(name));
  }
  environment_variables settings() {
    return {{"CAMUNDA_SSL_CLIENT_KEYSTORE_PATH", folder.at("worker.pem")},
            {"LAMBDA_CONNECTOR_LOGIN_TLS_KEY_FILE", folder.at("worker.key")},
            {"CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH", folder.at("roots.pem")}};
  }

  tests::temporary_folder folder;
  sandbox::certificate_authority authority;
};

TEST_F(JourneyTokenServerTls, ClientCertificateIsShown) {
  put(authority, "worker-1");
  start(settings());
  expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.last_client(), "worker-1");
  EXPECT_EQ(tokens.last_form().at("client_secret"), token_server::client_secret);
}

TEST_F(JourneyTokenServerTls, RenewedCertificatesCountWithTheNextToken) {
  // given
  put(authority, "worker-1");
  tokens.set_life(1500ms);
  start(settings());
  expect_completed(env->engine().create(call_of("echo")));

  // when: another authority for both sides
  put(sandbox::certificate_authority("Second root"), "worker-2");
  const auto before = tokens.given();

  // then
  while (tokens.given() < before + 2) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.last_client(), "worker-2");
  EXPECT_EQ(tokens.kept_out(), 0);
}

}  // namespace
}  // namespace journey
