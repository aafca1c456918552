// Which variables programs that the worker starts do not inherit.
#include "worker/program/child_variables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "connector/base/ascii.h"
#include "worker/config/settings_table.h"
#include "worker/config/variable_names.h"

namespace worker::program {
namespace {

TEST(ChildVariables, SecretsOfTheWorkerAreHidden) {
  for (const auto* name :
       {"SECRET_DB", "SECRET_DB_FILE", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY_FILE",
        "AWS_ACCESS_KEY_ID", "AWS_LAMBDA_AWS_SECRET_KEY", "AWS_SESSION_TOKEN",
        "CAMUNDA_CLIENT_SECRET", "ZEEBE_CLIENT_SECRET", "CAMUNDA_BASIC_AUTH_PASSWORD",
        "CAMUNDA_CLIENT_AUTH_CLIENTSECRET", "LAMBDA_CONNECTOR_ADMIN_TOKEN",
        "LAMBDA_CONNECTOR_DEFAULT_HEADERS", "LAMBDA_CONNECTOR_DEFAULT_HEADERS_FILE"}) {
    EXPECT_TRUE(is_hidden_variable(name, "SECRET_")) << name;
  }
  EXPECT_TRUE(is_hidden_variable("TASK_KEYS_A", "TASK_KEYS_"));
}

TEST(ChildVariables, SecretsOfTheWorkerAreHiddenInEachSpellingOfSpring) {
  for (const auto* name :
       {"camunda.client.auth.client-secret", "camunda_client_auth_client_secret",
        "camunda.client.auth.clientSecret", "CAMUNDA_CLIENT_AUTH_CLIENT_SECRET",
        "camunda.client.auth.client-secret_FILE", "camunda.client.auth.password",
        "zeebe.client.cloud.client-secret", "camunda.client.zeebe.auth.client-secret"}) {
    EXPECT_TRUE(is_hidden_variable(name, "SECRET_")) << name;
  }
}

// Each name of a secret setting, as Spring's own documentation may write it.
TEST(ChildVariables, EachSecretSettingIsHiddenInEachSpellingThatIsRead) {
  for (const auto& spec : config::settings_table()) {
    if (!spec.secret() || spec.key == "aws.httpsProxy") continue;
    for (const auto name : config::variables_of(spec)) {
      EXPECT_TRUE(is_hidden_variable(name, "")) << name;
      EXPECT_TRUE(is_hidden_variable(std::string(name) + "_FILE", "")) << name;
      if (!config::is_spring_name(name)) continue;
      auto dotted = connector::ascii::lower(name);
      std::replace(dotted.begin(), dotted.end(), '_', '.');
      EXPECT_TRUE(is_hidden_variable(dotted, "")) << dotted;
    }
  }
}

TEST(ChildVariables, OrdinaryOnesAreNot) {
  for (const auto* name :
       {"PATH", "HOME", "LANG", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE",
        "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION",
        "AWS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "VAULT_TOKEN",
        "CAMUNDA_GRPC_ADDRESS", "LAMBDA_CONNECTOR_CONFIG", "SECRET"}) {
    EXPECT_FALSE(is_hidden_variable(name, "SECRET_")) << name;
  }
  for (const auto* name : {"SECRET_DB", "camunda.client.grpc-address", "ZEEBE_ADDRESS"}) {
    EXPECT_FALSE(is_hidden_variable(name, "")) << name;
  }
}

}  // namespace
}  // namespace worker::program
