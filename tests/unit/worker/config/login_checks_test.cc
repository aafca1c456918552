// The login at the gateway: which method is meant, what is missing, what is risky.
#include "worker/config/login_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/config/loading.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LoginChecks : public tests::loading {
 protected:
  void set_oauth() {
    set("CAMUNDA_CLIENT_ID", "worker");
    set("CAMUNDA_CLIENT_SECRET", "hunter2");
    set("CAMUNDA_AUTHORIZATION_SERVER_URL", "https://login.example/realms/x/token");
  }
  std::vector<std::string> warnings() { return load(from_).warnings; }
};

TEST_F(LoginChecks, WithoutSettingsThereIsNone) {
  EXPECT_EQ(good().login.method, login_method::none);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(LoginChecks, ClientAndSecretMeanOAuth) {
  set_oauth();
  set("ZEEBE_ADDRESS", "https://zeebe.example:443");
  const auto login = good().login;
  EXPECT_EQ(login.method, login_method::oauth);
  EXPECT_EQ(login.client_id, "worker");
  EXPECT_EQ(login.client_secret.reveal(), "hunter2");
  EXPECT_EQ(login.token_url, "https://login.example/realms/x/token");
  EXPECT_EQ(login.audience, "zeebe.example") << "the gateway's host without its port";
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(LoginChecks, CertificateStandsForTheSecret) {
  for (const auto& [store, password] : std::vector<std::pair<const char*, const char*>>{
           {"CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH", "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD"},
           {"ZEEBE_CLIENT_ASSERTION_KEYSTORE_PATH", "ZEEBE_CLIENT_ASSERTION_KEYSTORE_PASSWORD"},
           {"CAMUNDA_CLIENT_AUTH_CLIENT_ASSERTION_KEYSTORE_PATH",
            "CAMUNDA_CLIENT_AUTH_CLIENT_ASSERTION_KEYSTORE_PASSWORD"},
           {"camunda.client.auth.client-assertion.keystore-path",
            "camunda.client.auth.client-assertion.keystore-password"},
           {"OAUTH_SSL_CLIENT_CERT_PATH", "OAUTH_SSL_CLIENT_CERT_PASSWORD"}}) {
    from_.environment.clear();
    set("CAMUNDA_CLIENT_ID", "worker");
    set("CAMUNDA_AUTHORIZATION_SERVER_URL", "https://login.example/token");
    set(store, "/etc/worker.p12");
    set(password, "hunter2");
    const auto login = good().login;
    EXPECT_EQ(login.method, login_method::oauth) << store;
    EXPECT_EQ(login.key_store, "/etc/worker.p12");
    EXPECT_EQ(login.key_store_password.reveal(), "hunter2");
    EXPECT_THAT(warnings(), IsEmpty()) << store;
  }
  set("CAMUNDA_CLIENT_SECRET", "hunter3");
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("CAMUNDA_CLIENT_SECRET"),
                                            HasSubstr("not used"), Not(HasSubstr("hunter")))));
}

TEST_F(LoginChecks, CertificatesForTheTokenServerHaveTheNamesOfTheClients) {
  for (const auto* prefix : {"CAMUNDA_SSL_CLIENT_", "ZEEBE_SSL_CLIENT_"}) {
    const std::string name(prefix);
    from_.environment.clear();
    set_oauth();
    set(name + "KEYSTORE_PATH", "/etc/worker.p12");
    set(name + "KEYSTORE_SECRET", "hunter-a");
    set(name + "KEYSTORE_KEY_SECRET", "hunter-b");
    set(name + "TRUSTSTORE_PATH", "/etc/roots.p12");
    set(name + "TRUSTSTORE_SECRET", "hunter-c");
    const auto login = good().login;
    EXPECT_EQ(login.tls_key_store, "/etc/worker.p12");
    EXPECT_EQ(login.tls_key_store_password.reveal(), "hunter-a");
    EXPECT_EQ(login.tls_key_password.reveal(), "hunter-b");
    EXPECT_EQ(login.ca_file, "/etc/roots.p12");
    EXPECT_EQ(login.ca_file_password.reveal(), "hunter-c");
    EXPECT_EQ(login.client_secret.reveal(), "hunter2") << "TLS is no proof of the client";
    EXPECT_THAT(warnings(), IsEmpty()) << prefix;
  }
  from_.environment.clear();
  set_oauth();
  set("camunda.client.auth.keystore-path", "/etc/worker.p12");
  set("camunda.client.auth.keystore-password", "hunter-a");
  set("CAMUNDA_CLIENT_AUTH_TRUSTSTORE_PATH", "/etc/roots.p12");
  const auto login = good().login;
  EXPECT_EQ(login.tls_key_store, "/etc/worker.p12");
  EXPECT_EQ(login.tls_key_store_password.reveal(), "hunter-a");
  EXPECT_EQ(login.ca_file, "/etc/roots.p12");
}

TEST_F(LoginChecks, CertificatesForTheTokenServerThatDoNotCountAreTold) {
  set_oauth();
  set("CAMUNDA_SSL_CLIENT_KEYSTORE_SECRET", "hunter-a");
  set("CAMUNDA_SSL_CLIENT_TRUSTSTORE_SECRET", "hunter-c");
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("CAMUNDA_SSL_CLIENT_KEYSTORE_SECRET"),
                                            HasSubstr("no CAMUNDA_SSL_CLIENT_KEYSTORE_PATH")),
                                      AllOf(HasSubstr("CAMUNDA_SSL_CLIENT_TRUSTSTORE_SECRET"),
                                            HasSubstr("no LAMBDA_CONNECTOR_LOGIN_CA_FILE"))));
  set("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH", "/etc/worker.p12");
  set("CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH", "/etc/roots.p12");
  EXPECT_THAT(warnings(), IsEmpty());
  set("CAMUNDA_AUTHORIZATION_SERVER_URL", "http://localhost:8080/token");
  EXPECT_THAT(
      warnings(),
      ElementsAre(AllOf(HasSubstr("CAMUNDA_SSL_CLIENT_KEYSTORE_PATH"), HasSubstr("plaintext")),
                  AllOf(HasSubstr("CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH"), HasSubstr("plaintext"))));
}

TEST_F(LoginChecks, PasswordsWithoutACertificateAreNotUsed) {
  set_oauth();
  set("CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD", "hunter2");
  set("LAMBDA_CONNECTOR_LOGIN_KEY_FILE", "/etc/key.pem");
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD"),
                                HasSubstr("there is no CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH")),
                          HasSubstr("LAMBDA_CONNECTOR_LOGIN_KEY_FILE")));
}

TEST_F(LoginChecks, FileOfTokensHasTheNamesOfTheExistingClients) {
  for (const char* name : {"CAMUNDA_CLIENT_CONFIG_PATH", "ZEEBE_CLIENT_CONFIG_PATH",
                           "camunda.client.auth.credentials-cache-path"}) {
    from_.environment.clear();
    set_oauth();
    set(name, "/tmp/credentials");
    EXPECT_EQ(good().login.credentials_cache, "/tmp/credentials") << name;
  }
}

TEST_F(LoginChecks, EachNameOfTheExistingClientsCounts) {
  struct names {
    const char *id, *secret, *url, *audience;
  };
  for (const auto& one :
       std::vector<names>{{"ZEEBE_CLIENT_ID", "ZEEBE_CLIENT_SECRET",
                           "ZEEBE_AUTHORIZATION_SERVER_URL", "ZEEBE_TOKEN_AUDIENCE"},
                          {"CAMUNDA_CLIENT_ID", "CAMUNDA_CLIENT_SECRET", "CAMUNDA_OAUTH_URL",
                           "CAMUNDA_TOKEN_AUDIENCE"},
                          {"CAMUNDA_CLIENT_AUTH_CLIENTID", "CAMUNDA_CLIENT_AUTH_CLIENTSECRET",
                           "CAMUNDA_CLIENT_AUTH_TOKENURL", "CAMUNDA_CLIENT_AUTH_AUDIENCE"},
                          {"camunda.client.auth.client-id", "camunda.client.auth.client-secret",
                           "camunda.client.auth.token-url", "camunda.client.auth.audience"},
                          {"CAMUNDA_CLIENT_ID", "CAMUNDA_CLIENT_SECRET_FILE", "CAMUNDA_OAUTH_URL",
                           "CAMUNDA_TOKEN_AUDIENCE"}}) {
    from_.environment.clear();
    files_["hunter2"] = "hunter2\n";
    set(one.id, "worker");
    set(one.secret, "hunter2");
    set(one.url, "https://login.example/token");
    set(one.audience, "zeebe-api");
    const auto login = good().login;
    EXPECT_EQ(login.method, login_method::oauth) << one.id;
    EXPECT_EQ(login.client_secret.reveal(), "hunter2");
    EXPECT_EQ(login.audience, "zeebe-api");
    EXPECT_THAT(warnings(), IsEmpty()) << one.id;
  }
}

TEST_F(LoginChecks, UserAndPasswordMeanBasicAuthentication) {
  set("CAMUNDA_BASIC_AUTH_USERNAME", "worker");
  EXPECT_THAT(issues(), ElementsAre(AllOf(HasSubstr("CAMUNDA_BASIC_AUTH_PASSWORD"),
                                          HasSubstr("basic authentication"))));
  set("CAMUNDA_BASIC_AUTH_PASSWORD", "hunter2");
  EXPECT_EQ(good().login.method, login_method::basic);
  set("CAMUNDA_BASIC_AUTH_USERNAME", "wor:ker");
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("no colon")));
}

TEST_F(LoginChecks, BothAreAnIssueUnlessTheMethodIsSet) {
  set_oauth();
  set("CAMUNDA_BASIC_AUTH_USERNAME", "worker");
  set("CAMUNDA_BASIC_AUTH_PASSWORD", "hunter2");
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("CAMUNDA_CLIENT_AUTH_METHOD")));
  set("CAMUNDA_CLIENT_AUTH_METHOD", "basic");
  EXPECT_EQ(good().login.method, login_method::basic);
  set("CAMUNDA_CLIENT_AUTH_METHOD", "OIDC");
  EXPECT_EQ(good().login.method, login_method::oauth);
  set("CAMUNDA_CLIENT_AUTH_METHOD", "none");
  EXPECT_EQ(good().login.method, login_method::none);
  EXPECT_THAT(warnings(), IsEmpty());
}

TEST_F(LoginChecks, AllThatIsMissingIsNamedAtOnce) {
  set("CAMUNDA_CLIENT_AUTH_METHOD", "oidc");
  EXPECT_THAT(issues(),
              ElementsAre(HasSubstr("CAMUNDA_CLIENT_ID"), HasSubstr("CAMUNDA_CLIENT_SECRET"),
                          HasSubstr("CAMUNDA_AUTHORIZATION_SERVER_URL")));
}

TEST_F(LoginChecks, SecretIsNotSentToTheCloudForAGatewayElsewhere) {
  set_oauth();
  from_.environment.erase("CAMUNDA_AUTHORIZATION_SERVER_URL");
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("CAMUNDA_AUTHORIZATION_SERVER_URL")));
  set("ZEEBE_ADDRESS", "https://1234.bru-2.zeebe.camunda.io:443");
  const auto login = good().login;
  EXPECT_EQ(login.token_url, "https://login.cloud.camunda.io/oauth/token");
  EXPECT_EQ(login.audience, "1234.bru-2.zeebe.camunda.io");
  from_.environment.erase("ZEEBE_ADDRESS");
  set("CAMUNDA_CLUSTER_ID", "1234");
  EXPECT_EQ(good().login.audience, "zeebe.camunda.io");
}

TEST_F(LoginChecks, PlaintextIsWarnedOfUnlessItStaysOnTheMachine) {
  set_oauth();
  set("CAMUNDA_OAUTH_URL", "");
  for (const auto* near :
       {"http://localhost:18080/token", "http://127.0.0.1/token", "http://[::1]:80/token"}) {
    set("CAMUNDA_AUTHORIZATION_SERVER_URL", near);
    EXPECT_THAT(warnings(), IsEmpty()) << near;
  }
  set("CAMUNDA_AUTHORIZATION_SERVER_URL", "http://keycloak:18080/token");
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("login.tokenUrl"), HasSubstr("not https"))));
  set("CAMUNDA_AUTHORIZATION_SERVER_URL", "https://login.example/token");
  set("ZEEBE_ADDRESS", "http://zeebe:26500");
  EXPECT_THAT(warnings(), ElementsAre(AllOf(HasSubstr("plaintext"), HasSubstr("tokens"))));
}

TEST_F(LoginChecks, SettingsWithoutAClientAreNotUsedAndSaidSo) {
  set("CAMUNDA_OAUTH_URL", "https://login.example/token");
  EXPECT_EQ(good().login.method, login_method::none);
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("CAMUNDA_OAUTH_URL"), HasSubstr("not used"))));
}

TEST_F(LoginChecks, NoMessageHoldsTheSecret) {
  set("CAMUNDA_CLIENT_SECRET", "hush-hush");
  set("CAMUNDA_BASIC_AUTH_PASSWORD", "hush-hush");
  set("CAMUNDA_AUTHORIZATION_SERVER_URL", "https://user:hush-hush@login.example/token");
  const auto said = issues();
  EXPECT_FALSE(said.empty());
  for (const auto& each : said) EXPECT_THAT(each, Not(HasSubstr("hush-hush")));
}

}  // namespace
}  // namespace worker::config
