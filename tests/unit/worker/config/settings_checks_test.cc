#include "worker/config/settings_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/job_lists.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class SettingsChecks : public tests::loading {};

TEST_F(SettingsChecks, RefusesDefaultHeadersOfTypesThatAreNotServed) {
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "billing:onError=complete");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("'billing' is not")));
  set("LAMBDA_CONNECTOR_JOB_TYPES", "billing=invoke");
  EXPECT_EQ(default_headers_of(good().jobs, "billing").at("onError"), "complete");
}

TEST_F(SettingsChecks, LooksIntoDefaultHeadersAndSaysAllThatIsWrong) {
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS",
      "onFunctionEror=fail; onError=crash; lambdaConnector.LIST_FUNCTIONS:payload=hush-hush; "
      "maxItems=5");
  const auto said = issues();
  EXPECT_THAT(
      said,
      UnorderedElementsAre(
          AllOf(HasSubstr("LAMBDA_CONNECTOR_DEFAULT_HEADERS (jobs.defaultHeaders): header "),
                HasSubstr("did you mean onFunctionError?")),
          AllOf(HasSubstr("LAMBDA_CONNECTOR_DEFAULT_HEADERS"), HasSubstr("'fail', 'complete'.")),
          AllOf(HasSubstr("of lambdaConnector.LIST_FUNCTIONS, header 'payload'"),
                testing::Not(HasSubstr("hush-hush")))));
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "inputs=lambda,onFunctionError=fail");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("separated by ;")));
}

// A task could have it sent to a function.
TEST_F(SettingsChecks, RefusesAPrefixThatMakesAVariableOfItsOwnASecret) {
  set("AWS_SECRET_ACCESS_KEY", "hush-hush");
  set("AWS_ACCESS_KEY_ID", "AKIA1");
  for (const std::string prefix :
       {"A", "AWS_", "AWS_SECRET_", "AWS_X_", "CAMUNDA", "ZEEBE_CLIENT_", "LAMBDA_", "H", "HTTPS_",
        "https", "SECRETS_", "PAT", "LD_", "GRPC_TRACE", "NOTIFY_", "TZD"}) {
    set("SECRETS_ENV_PREFIX", prefix);
    EXPECT_THAT(issues(), ElementsAre(AllOf(HasSubstr("SECRETS_ENV_PREFIX"),
                                            HasSubstr("'" + prefix + "' would make "),
                                            HasSubstr("SECRET_"), Not(HasSubstr("hush")))))
        << prefix;
  }
  for (const std::string prefix : {"SECRET_", "APP_", "MY_AWS_", "TOKEN"}) {
    set("SECRETS_ENV_PREFIX", prefix);
    EXPECT_THAT(issues(), IsEmpty()) << prefix;
  }
}

TEST_F(SettingsChecks, EmptyPrefixMakesNothingASecret) {
  set("AWS_SECRET_ACCESS_KEY", "hush-hush");
  set("AWS_ACCESS_KEY_ID", "AKIA1");
  set("SECRETS_ENV_PREFIX", "");
  set("SECRET_TOKEN", "value");
  const auto values = good();
  EXPECT_THAT(values.secrets.environment, SizeIs(1));
  EXPECT_EQ(values.secrets.environment_prefix, "SECRET_");
}

TEST_F(SettingsChecks, RefusesHalfAPairOfKeys) {
  set("AWS_LAMBDA_AWS_ACCESS_KEY", "AKID");
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY", "secret-key");
  EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr("AWS_LAMBDA_AWS_SECRET_KEY"),
                                                   HasSubstr("AWS_LAMBDA_AWS_ACCESS_KEY is"))));
}

TEST_F(SettingsChecks, AKeyWhoseFileCannotBeReadIsNotMissing) {
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY_FILE", "/none");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("'/none'")));
}

TEST_F(SettingsChecks, NamesWhatIsHalfThere) {
  for (const auto& [name, other] : std::map<std::string, std::string>{
           {"AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID"},
           {"AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"},
           {"AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"},
           {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI"}}) {
    from_.environment = {{name, "hush-hush"}};
    EXPECT_THAT(issues(), IsEmpty()) << name;
    EXPECT_THAT(load(from_).warnings,
                testing::ElementsAre(AllOf(HasSubstr(name + " is set and not used"),
                                           HasSubstr(other), testing::Not(HasSubstr("hush")))));
    set(other, "hush-hush");
    set("AWS_SECRET_ACCESS_KEY", other == "AWS_ACCESS_KEY_ID" ? "hush-hush" : "");
    EXPECT_THAT(load(from_).warnings, IsEmpty()) << name;
  }
  from_.environment = {{"LAMBDA_CONNECTOR_CLIENT_KEY", "/key.pem"}};
  EXPECT_THAT(issues(),
              UnorderedElementsAre(AllOf(HasSubstr("LAMBDA_CONNECTOR_CLIENT_KEY (aws.clientKey)"),
                                         HasSubstr("LAMBDA_CONNECTOR_CLIENT_CERTIFICATE"))));
  set("LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", "/certificate.pem");
  EXPECT_THAT(issues(), IsEmpty());
}

TEST_F(SettingsChecks, SourcesOfSecretsAndWhatIsKnownOfThemAgree) {
  set("SECRETS_SOURCES", "aws,files");
  EXPECT_THAT(issues(), UnorderedElementsAre(
                            AllOf(HasSubstr("SECRETS_SOURCES"), HasSubstr("SECRETS_AWS_SECRET_ID")),
                            AllOf(HasSubstr("SECRETS_SOURCES"), HasSubstr("SECRETS_DIR"))));
  set("SECRETS_SOURCES", "environment");
  EXPECT_THAT(issues(), IsEmpty());
  set("SECRETS_DIR", "/run/secrets");
  set("SECRETS_AWS_SECRET_ID", "prod/worker");
  EXPECT_THAT(issues(),
              UnorderedElementsAre(
                  AllOf(HasSubstr("SECRETS_DIR"), HasSubstr("does not name files")),
                  AllOf(HasSubstr("SECRETS_AWS_SECRET_ID"), HasSubstr("does not name aws"))));
  set("SECRETS_SOURCES", "files,aws");
  EXPECT_THAT(issues(), IsEmpty());
  set("SECRETS_ENV_PREFIX", "TASK_");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("does not name environment")));
  from_.environment.erase("SECRETS_SOURCES");
  EXPECT_THAT(issues(), IsEmpty());
}

TEST_F(SettingsChecks, WarnsOfWhatCanNeverCount) {
  from_.environment = {{"LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE", "lambdaConnector.INVOKE=33"},
                       {"CAMUNDA_KEEP_ALIVE", "10000"},
                       {"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE", "1MB"}};
  EXPECT_THAT(load(from_).warnings,
              UnorderedElementsAre(HasSubstr("jobs.maxActive is 32"), HasSubstr("every 30 s"),
                                   HasSubstr("aws.maxListBytes")));
}

TEST_F(SettingsChecks, WarnsWhenAnyReferenceInDataCounts) {
  set("SECRETS_IN_DATA", "any");
  EXPECT_TRUE(good().secrets.in_data_any);
  EXPECT_THAT(load(from_).warnings, testing::ElementsAre(HasSubstr("SECRETS_IN_DATA=any")));
}

TEST_F(SettingsChecks, WarnsOfVariablesThatLookMisspelt) {
  set("LAMBDA_CONNECTOR_DRAIN_TIMES", "5s");
  set("LAMBDA_CONNECTOR_SERVICE_HOST", "10.0.0.1");
  set("LAMBDA_CONNECTOR_PORT_8080_TCP_ADDR", "10.0.0.1");
  const auto done = load(from_);
  EXPECT_THAT(done.issues, IsEmpty());
  EXPECT_THAT(done.warnings,
              testing::ElementsAre(AllOf(HasSubstr("LAMBDA_CONNECTOR_DRAIN_TIMES"),
                                         HasSubstr("LAMBDA_CONNECTOR_DRAIN_TIME?"))));
}

TEST_F(SettingsChecks, ARegionOfWrongShapeIsAMistakeWithTheNearName) {
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_LAMBDA_AWS_REGION"}) {
    from_.environment = {{variable, "US-EAST-1"}};
    EXPECT_THAT(issues(),
                UnorderedElementsAre(AllOf(HasSubstr(std::string(variable) + " (aws.region)"),
                                           HasSubstr("It must be us-east-1, if that is meant"))));
  }
  from_.environment = {{"AWS_REGION", "mars-north-1"}};
  EXPECT_EQ(good().aws.region, "mars-north-1");
  EXPECT_THAT(load(from_).warnings, IsEmpty());
  set("AWS_REGION", "eu-central1");
  EXPECT_THAT(load(from_).warnings,
              testing::ElementsAre(AllOf(HasSubstr("'eu-central1'"), HasSubstr("eu-central-1"))));
  set("AWS_REGION", "  ");
  EXPECT_THAT(issues(), SizeIs(1));
}

TEST_F(SettingsChecks, WarnsOfMisspeltNamesOfEverySetting) {
  const std::map<std::string, std::string> slips = {
      {"ALLOWED_FUNCTION", "ALLOWED_FUNCTIONS"},
      {"ALLOWEDFUNCTIONS", "ALLOWED_FUNCTIONS"},
      {"allowed_functions", "ALLOWED_FUNCTIONS"},
      {"ALLOWED_ROLE_ARN", "ALLOWED_ROLE_ARNS"},
      {"AWS_REGOIN", "AWS_REGION"},
      {"AWS_LAMBDA_AWS_REGOIN", "AWS_LAMBDA_AWS_REGION"},
      {"AWS_PROFIL", "AWS_PROFILE"},
      {"AWS_ENDPOINT_URL_LAMDA", "AWS_ENDPOINT_URL_LAMBDA"},
      {"AWS_SECRET_ACESS_KEY_FILE", "AWS_SECRET_ACCESS_KEY"},
      {"SECRET_DIR", "SECRETS_DIR"},
      {"SECRETS_SOURCE", "SECRETS_SOURCES"},
      {"REQUIRE_SECRETS_REFERENCES", "REQUIRE_SECRET_REFERENCES"},
      {"LOG_LEVLE", "LOG_LEVEL"},
      {"CAMUNDA_GRPC_ADRESS", "CAMUNDA_GRPC_ADDRESS"},
      {"ZEEBE_ADRESS", "ZEEBE_ADDRESS"},
      {"ZEEBE_INSECURE_CONECTION", "ZEEBE_INSECURE_CONNECTION"},
      {"CAMUNDA_CLIENT_GRPC_ADRESS", "CAMUNDA_CLIENT_GRPCADDRESS"}};
  for (const auto& [name, meant] : slips) {
    from_.environment = {{name, "hush-hush"}};
    const auto done = load(from_);
    EXPECT_THAT(done.issues, IsEmpty()) << name;
    EXPECT_THAT(
        done.warnings,
        testing::ElementsAre(name + " is no setting and is not used: did you mean " + meant + "?"));
  }
}

// Each is a letter or two from a setting, or of the same family.
TEST_F(SettingsChecks, SaysNothingOfVariablesOfOtherPrograms) {
  for (const char* name : {"HTTP_PROXY",
                           "http_proxy",
                           "ALL_PROXY",
                           "AWS_ENDPOINT_URL_S3",
                           "AWS_ENDPOINT_URL_SQS",
                           "AWS_ENDPOINT_URL_SNS",
                           "AWS_ENDPOINT_URL_SES",
                           "AWS_ENDPOINT_URL_DYNAMODB",
                           "AWS_PROFILE",
                           "AWS_EXECUTION_ENV",
                           "AWS_CONFIG_FILE",
                           "AWS_EC2_METADATA_DISABLED",
                           "AWS_PAGER",
                           "HOME",
                           "PATH",
                           "HOSTNAME",
                           "LANG",
                           "LOGNAME",
                           "KUBERNETES_SERVICE_HOST",
                           "ALLOWED_HOSTS_SERVICE_HOST",
                           "SECRET_TOKEN",
                           "SSL_CERT_FILE",
                           "CAMUNDA_OPERATE_URL",
                           "ZEEBE_BROKER_GATEWAY_ENABLE",
                           "NO_COLOR"}) {
    from_.environment = {{name, "1"}};
    const auto done = load(from_);
    EXPECT_THAT(done.issues, IsEmpty()) << name;
    EXPECT_THAT(done.warnings, IsEmpty()) << name;
  }
  from_.environment = {{"AWS_ROLE_ARN", "1"}, {"AWS_WEB_IDENTITY_TOKEN_FILE", "1"}};
  EXPECT_THAT(load(from_).warnings, IsEmpty());
  from_.environment = {{"ZEEBE_PORT", "tcp://10.0.0.1:26500"},
                       {"ZEEBE_PORT_26500_TCP_ADDR", "10.0.0.1"}};
  EXPECT_THAT(load(from_).warnings, IsEmpty());
}

TEST_F(SettingsChecks, SaysWhichNameOfTheGatewayMeansNothingHere) {
  for (const char* name : {"CAMUNDA_REST_ADDRESS", "ZEEBE_REST_ADDRESS",
                           "ZEEBE_BROKER_CONTACTPOINT", "ZEEBE_HOST", "CAMUNDA_CLIENT_REST_ADDRESS",
                           "CAMUNDA_CLIENT_MODE", "ZEEBE_CLIENT_BROKER_CONTACT_POINT"}) {
    from_.environment = {{name, "saas"}};
    EXPECT_THAT(load(from_).warnings,
                testing::ElementsAre(AllOf(HasSubstr(std::string(name) + " is not read here"),
                                           HasSubstr("http://localhost:26500 is asked"),
                                           HasSubstr("set CAMUNDA_GRPC_ADDRESS"))))
        << name;
    set("ZEEBE_ADDRESS", "http://zeebe:1");
    EXPECT_THAT(load(from_).warnings, IsEmpty()) << name;
  }
  for (const char* name : {"CAMUNDA_DEFAULT_TENANT_ID", "ZEEBE_CLIENT_WORKER_THREADS",
                           "CAMUNDA_CLIENT_WORKER_OVERRIDE_X_TIMEOUT", "AWS_SECRET_KEY"}) {
    from_.environment = {{name, "1"}};
    EXPECT_THAT(load(from_).warnings, testing::ElementsAre(testing::StartsWith(name))) << name;
  }
}

}  // namespace
}  // namespace worker::config
