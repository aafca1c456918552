#include "worker/cli/check_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/config/load.h"

namespace worker::cli {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> notes(std::map<std::string, std::string> environment,
                               const std::string& region = "us-east-1") {
  config::sources from;
  from.environment = std::move(environment);
  const auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  return notes_of(loaded.values, region);
}

TEST(CheckNotes, SayWhatAPatternOfUrlsMeans) {
  EXPECT_THAT(
      notes({{"ALLOWED_HOSTS", "*.lambda-url.eu-central-1.on.aws"}}),
      Contains(AllOf(StartsWith("ALLOWED_HOSTS admits the function URLs of every AWS account"),
                     HasSubstr("in eu-central-1, "), HasSubstr("ids of your own URLs"))));
  EXPECT_THAT(notes({{"ALLOWED_HOSTS", "*.lambda-web.eu-central-1.on.aws"}}),
              Contains(AllOf(HasSubstr("every AWS account"), HasSubstr("in eu-central-1"))));
  EXPECT_THAT(notes({{"ALLOWED_HOSTS", "*.lambda-url.*.on.aws"}}),
              Contains(HasSubstr("every AWS account in every region")));
  for (const char* part : {"a*", "*a", "**", "https://orders*"}) {
    EXPECT_THAT(notes({{"ALLOWED_HOSTS", std::string(part) + ".lambda-url.eu-central-1.on.aws"}}),
                Contains(AllOf(HasSubstr("every AWS account"), HasSubstr("in eu-central-1"))))
        << part;
  }
  EXPECT_THAT(
      notes({{"ALLOWED_HOSTS",
              "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws,example.org"}}),
      Each(Not(HasSubstr("every AWS account"))));
}

TEST(CheckNotes, SayThatUnmappedInputsAreTakenOnlyWhereTheyAre) {
  EXPECT_THAT(notes({}), Contains(AllOf(HasSubstr("a task that maps nothing"),
                                        HasSubstr("lambdaConnector.INVOKE"),
                                        HasSubstr("LAMBDA_CONNECTOR_DEFAULT_HEADERS=inputs="))));
  EXPECT_THAT(notes({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "inputs=lambda"}}),
              Each(Not(HasSubstr("maps nothing"))));
  EXPECT_THAT(notes({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "lambdaConnector.INVOKE:inputs=lambda"}}),
              Contains(AllOf(HasSubstr("maps nothing"), Not(HasSubstr("lambdaConnector.INVOKE")))));
}

TEST(CheckNotes, NameFilesOfTheWorkerAmongTheSecretsOfTasks) {
  const auto own = HasSubstr("SECRETS_DIR holds the worker's own file");
  EXPECT_THAT(
      notes({{"SECRETS_DIR", "/run/secrets/"},
             {"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", "/run/secrets/deep/../client.pem"}}),
      Contains(AllOf(own, HasSubstr("client.pem, which LAMBDA_CONNECTOR_CLIENT_CERTIFICATE"))));
  EXPECT_THAT(notes({{"SECRETS_DIR", "/run/secrets"},
                     {"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", "/run/secrets-of-worker/client.pem"}}),
              Each(Not(own)));
  EXPECT_THAT(notes({{"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", "/run/secrets/client.pem"}}),
              Each(Not(own)));
}

TEST(CheckNotes, NameSecretsThatAreListedWithoutAPlace) {
  EXPECT_THAT(notes({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "secrets=A,payload.b:B,C"}}),
              Contains(AllOf(HasSubstr("the default header secrets lists A, C without a place"),
                             HasSubstr("payload.token:A"))));
  EXPECT_THAT(notes({{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "secrets=payload.b:B"}}),
              Each(Not(HasSubstr("without a place"))));
}

TEST(CheckNotes, SayWhatALeaseMeansForOtherWorkers) {
  EXPECT_THAT(notes({}), Each(Not(HasSubstr("lease"))));
  EXPECT_THAT(
      notes({{"LAMBDA_CONNECTOR_JOB_LEASE", "lambdaConnector.INVOKE=offered"}}),
      Contains(AllOf(StartsWith("jobs of lambdaConnector.INVOKE are activated with a lease"),
                     HasSubstr("never reaches a worker of its type that does not lease"))));
  const std::map<std::string, std::string> drop_in{{"LAMBDA_CONNECTOR_PROFILE", "camunda"}};
  EXPECT_THAT(notes(drop_in),
              Contains(AllOf(HasSubstr("io.camunda:aws-lambda:1 are activated without a lease"),
                             HasSubstr("LAMBDA_CONNECTOR_JOB_LEASE=io.camunda:aws-lambda:1="))));
}

TEST(CheckNotes, SayThatAnEngineIsTooOldForARequiredLease) {
  const auto lacking = [](const std::string& mode, const char* version) {
    config::sources from;
    from.environment = {{"LAMBDA_CONNECTOR_JOB_LEASE", mode}};
    return lacking_of_engine(config::load(from).values, version);
  };
  EXPECT_THAT(lacking("lambdaConnector.INVOKE=required", "8.9.3"),
              AllOf(HasSubstr("for lambdaConnector.INVOKE, and"), HasSubstr("(8.9.3)")));
  EXPECT_EQ(lacking("required", "8.10.2"), "");
  EXPECT_EQ(lacking("offered", "8.9.3"), "");
  EXPECT_EQ(lacking("required", "unknown"), "");
}

TEST(CheckNotes, SayThatTypedKeysLookLikeTheEnginesOwn) {
  EXPECT_THAT(notes({{"REQUIRE_SECRET_REFERENCES", "engine"}}),
              Contains(HasSubstr("looks like one that the engine put there")));
  EXPECT_THAT(notes({{"REQUIRE_SECRET_REFERENCES", "true"}}), Each(Not(HasSubstr("typed into"))));
}

TEST(CheckNotes, SayOfTheRegionWhatIsNotKnown) {
  EXPECT_THAT(notes({}, "mars-north-1"), Contains(HasSubstr("mars-north-1 is not known")));
  EXPECT_THAT(notes({}, ""), Contains(HasSubstr("no region is set")));
  EXPECT_THAT(notes({}, "eu-west-1"), Each(Not(HasSubstr("region"))));
}

}  // namespace
}  // namespace worker::cli
