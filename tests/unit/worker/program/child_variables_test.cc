// Which variables programs that the worker starts do not inherit.
#include "worker/program/child_variables.h"

#include <gtest/gtest.h>

namespace worker::program {
namespace {

TEST(ChildVariables, SecretsOfTheWorkerAreHidden) {
  for (const auto* name :
       {"SECRET_DB", "SECRET_DB_FILE", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY_FILE",
        "AWS_ACCESS_KEY_ID", "AWS_LAMBDA_AWS_SECRET_KEY", "AWS_SESSION_TOKEN",
        "CAMUNDA_CLIENT_SECRET", "ZEEBE_CLIENT_SECRET", "CAMUNDA_BASIC_AUTH_PASSWORD",
        "CAMUNDA_CLIENT_AUTH_CLIENTSECRET", "LAMBDA_CONNECTOR_ADMIN_TOKEN"}) {
    EXPECT_TRUE(is_hidden_variable(name, "SECRET_")) << name;
  }
  EXPECT_TRUE(is_hidden_variable("TASK_KEYS_A", "TASK_KEYS_"));
}

TEST(ChildVariables, OrdinaryOnesAreNot) {
  for (const auto* name :
       {"PATH", "HOME", "LANG", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE",
        "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_REGION",
        "AWS_CA_BUNDLE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "VAULT_TOKEN",
        "CAMUNDA_GRPC_ADDRESS", "LAMBDA_CONNECTOR_CONFIG", "SECRET"}) {
    EXPECT_FALSE(is_hidden_variable(name, "SECRET_")) << name;
  }
  EXPECT_FALSE(is_hidden_variable("SECRET_DB", ""));
}

}  // namespace
}  // namespace worker::program
