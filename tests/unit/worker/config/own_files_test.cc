// Files that settings name are no secrets of tasks.
#include "worker/config/own_files.h"

#include <gmock/gmock.h>

#include "tests/unit/worker/config/loading.h"

namespace worker::config {
namespace {

using testing::Pair;
using testing::UnorderedElementsAre;

using OwnFiles = tests::loading;

TEST_F(OwnFiles, AreThoseThatVariablesNameForAValue) {
  files_ = {{"/run/secrets/client", "s"}, {"/run/secrets/key", "k"}, {"/run/secrets/task", "t"}};
  set("CAMUNDA_CLIENT_ID", "id");
  set("CAMUNDA_OAUTH_URL", "https://login.example/token");
  set("CAMUNDA_TOKEN_AUDIENCE", "zeebe");
  set("CAMUNDA_GRPC_ADDRESS", "https://zeebe:26500");
  set("camunda.client.auth.client-secret_FILE", "/run/secrets/client");
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY_FILE", "/run/secrets/key");
  set("AWS_WEB_IDENTITY_TOKEN_FILE", "/run/secrets/token");
  set("SECRET_TASK_FILE", "/run/secrets/task");
  set("SECRETS_DIR", "/run/secrets");
  EXPECT_THAT(
      good().secrets.own_files,
      UnorderedElementsAre(Pair("/run/secrets/client", "camunda.client.auth.client-secret_FILE"),
                           Pair("/run/secrets/key", "AWS_SECRET_ACCESS_KEY_FILE"),
                           Pair("/run/secrets/token", "AWS_WEB_IDENTITY_TOKEN_FILE")));
}

TEST_F(OwnFiles, AreThoseThatSettingsAreToo) {
  set("LAMBDA_CONNECTOR_CLIENT_KEY", "/run/secrets/client.key");
  from_.flags = {{"--client-certificate", "/run/secrets/client.pem"}};
  EXPECT_THAT(good().secrets.own_files,
              UnorderedElementsAre(Pair("/run/secrets/client.key", "LAMBDA_CONNECTOR_CLIENT_KEY"),
                                   Pair("/run/secrets/client.pem", "--client-certificate")));
}

TEST_F(OwnFiles, AreThoseOfTheConfigurationFileAndItsProfiles) {
  files_ = {{"worker.yaml",
             "login:\n  username: user\n  passwordFile: /run/secrets/key\n"
             "profiles:\n  partner:\n    source: webIdentity\n"
             "    tokenFile: /run/secrets/token\n    roleArn: arn:aws:iam::111111111111:role/a\n"},
            {"/run/secrets/key", "k"}};
  set("LAMBDA_CONNECTOR_CONFIG", "worker.yaml");
  set("CAMUNDA_GRPC_ADDRESS", "https://zeebe:26500");
  EXPECT_THAT(good().secrets.own_files,
              UnorderedElementsAre(Pair("worker.yaml", "LAMBDA_CONNECTOR_CONFIG"),
                                   Pair("/run/secrets/key", "worker.yaml:3"),
                                   Pair("/run/secrets/token", "the credential profile partner")));
}

}  // namespace
}  // namespace worker::config
