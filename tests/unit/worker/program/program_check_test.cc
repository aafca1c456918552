// `check` as an operator types it: what it looks at, and what it says of it.
#include "tests/sandbox/aws/secrets_manager.h"
#include "tests/unit/worker/program/program_fixture.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using ProgramCheck = program_fixture;

// What was thrown for it was lost, and with it every later line; the exit code was 0.
TEST_F(ProgramCheck, CheckNamesACaFileOfTheGatewayThatCannotBeUsedAndLooksAtTheRest) {
  for (const auto* file : {"/no/such/ca.pem", "/dev/null", "/etc/hostname", "/etc"}) {
    auto variables = environment_.variables();
    variables["CAMUNDA_GRPC_ADDRESS"] = "https://" + environment_.engine().address();
    variables["CAMUNDA_CA_CERTIFICATE_PATH"] = file;
    const auto checked = run("check", variables);
    EXPECT_NE(checked.code, 0) << checked.text;
    EXPECT_THAT(checked.text, AllOf(HasSubstr("WRONG gateway"), HasSubstr(file),
                                    HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr("secrets"),
                                    HasSubstr("credentials: environment"),
                                    Not(HasSubstr("ok    trusted roots for the gateway"))));
    const auto started = run("run", variables);
    EXPECT_EQ(started.code, 1) << started.text;
    EXPECT_THAT(started.text, AllOf(HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr(file)));
  }
}

// Before, check ended there, and no setting was named.
TEST_F(ProgramCheck, CheckNamesABundleForAwsThatCannotBeUsedAndLooksAtTheRest) {
  for (const auto* file : {"/no/such/ca.pem", "/dev/null", "/etc/hostname", "/etc"}) {
    const auto variables = environment_.variables({{"AWS_CA_BUNDLE", file}});
    const auto checked = run("check", variables);
    EXPECT_EQ(checked.code, 2) << checked.text;
    const auto said = std::string("AWS_CA_BUNDLE: CA bundle ") + file + " cannot be used: ";
    EXPECT_THAT(checked.text, AllOf(HasSubstr("WRONG AWS: " + said), HasSubstr("ok    gateway "),
                                    HasSubstr("ok    secrets: "), HasSubstr("credentials: env"),
                                    HasSubstr("Lambda in us-east-1: "),
                                    Not(HasSubstr("trusted roots for AWS: AWS_CA_BUNDLE"))));
    for (const auto* command : {"run", "invoke --function echo"}) {
      const auto started = run(command, variables);
      EXPECT_EQ(started.code, 1) << started.text;
      EXPECT_THAT(started.text, HasSubstr(said));
    }
  }
}

TEST_F(ProgramCheck, CheckNamesAClientCertificateForAwsThatCannotBeUsedAndLooksAtTheRest) {
  // given
  const tests::temporary_folder folder;
  sandbox::leaf_options locked;
  locked.passphrase = "s3cret";
  const auto own = sandbox::certificate_authority().issue(locked);
  folder.write("own.pem", own.chain);
  folder.write("own.key", own.key);
  struct row {
    const char* certificate;
    const char* said;
  };
  for (const row& each :
       {row{"none.pem", "LAMBDA_CONNECTOR_CLIENT_CERTIFICATE: client certificate "},
        row{"own.pem", "LAMBDA_CONNECTOR_CLIENT_KEY: key of the client certificate "}}) {
    const auto variables = environment_.variables(
        {{"LAMBDA_CONNECTOR_CLIENT_CERTIFICATE", folder.at(each.certificate)},
         {"LAMBDA_CONNECTOR_CLIENT_KEY", folder.at("own.key")}});
    // when
    const auto checked = run("check", variables);
    // then
    EXPECT_EQ(checked.code, 2) << checked.text;
    EXPECT_THAT(checked.text,
                AllOf(HasSubstr(std::string("WRONG AWS: ") + each.said + folder.path()),
                      HasSubstr("ok    gateway "), HasSubstr("ok    secrets: "),
                      HasSubstr("ok    credentials: "), HasSubstr("ok    Lambda in us-east-1: ")));
    const auto started = run("run", variables);
    EXPECT_EQ(started.code, 1) << started.text;
    EXPECT_THAT(started.text, HasSubstr(each.said));
  }
}

TEST_F(ProgramCheck, CheckNamesWhatTheSharedFilesHaveWrongAndLooksAtTheRest) {
  const tests::temporary_folder folder;
  folder.write("config", "[default]\nregion = EU-CENTRAL-1\nca_bundle = /no/such/ca.pem\n");
  auto variables = environment_.variables({{"AWS_CONFIG_FILE", folder.at("config")}});
  variables.erase("AWS_REGION");
  variables.erase("AWS_CA_BUNDLE");
  const auto checked = run("check", variables);
  EXPECT_EQ(checked.code, 2) << checked.text;
  EXPECT_THAT(checked.text,
              AllOf(HasSubstr("WRONG AWS: region of the profile default in the shared files of the "
                              "AWS tools: 'EU-CENTRAL-1' is not allowed."),
                    HasSubstr("WRONG AWS: ca_bundle of the profile default in the shared files of "
                              "the AWS tools: CA bundle /no/such/ca.pem cannot be used: "),
                    HasSubstr("ok    gateway "), HasSubstr("ok    secrets: "),
                    HasSubstr("ok    credentials: ")));
}

TEST_F(ProgramCheck, CheckSaysWhichCredentialsWon) {
  const auto own = run("check", environment_.variables());
  EXPECT_EQ(own.code, 0) << own.text;
  EXPECT_THAT(own.text, HasSubstr("ok    credentials: environment (AWS_*), access key id " +
                                  sandbox::access_key{}.id));
  EXPECT_THAT(own.text, says_no_secret());
  const auto role = run("check", as_role());
  EXPECT_EQ(role.code, 0) << role.text;
  EXPECT_THAT(role.text, HasSubstr("ok    credentials: role arn:aws:iam::123456789012:role/worker, "
                                   "with environment (AWS_*), access key id ASIASTS1"));
  EXPECT_THAT(role.text, says_no_secret());
  ASSERT_EQ(sts_.count(), 1U);
  EXPECT_EQ(sts_.calls()[0].fields.at("ExternalId"), "x-1");
  EXPECT_THAT(role.text, HasSubstr("caller arn:aws:iam::123456789012:user/ASIASTS1"));
  EXPECT_EQ(sts_.callers_asked(), 1U);
}

// What one part throws is said of it, and the others are looked at all the same.
TEST_F(ProgramCheck, CheckLooksAtAllTheRestWhenTheGatewaysAuthorityIsMissing) {
  const auto said =
      run("check", environment_.variables({{"CAMUNDA_GRPC_ADDRESS", "https://127.0.0.1:1"},
                                           {"CAMUNDA_CA_CERTIFICATE_PATH", "/none.pem"}}));
  EXPECT_EQ(said.code, 2) << said.text;
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("WRONG gateway https://127.0.0.1:1: "), HasSubstr("/none.pem"),
                    HasSubstr("ok    secrets: "), HasSubstr("ok    credentials: "),
                    HasSubstr("ok    Lambda in us-east-1: ")));
}

TEST_F(ProgramCheck, CheckAsksEachSourceOfSecrets) {
  const tests::temporary_folder folder;
  folder.write("file", "x");
  const auto good = run("check", environment_.variables({{"SECRETS_DIR", folder.path()}}));
  EXPECT_EQ(good.code, 0) << good.text;
  EXPECT_THAT(good.text, HasSubstr("ok    secrets: files in " + folder.path() + "\n"));
  for (const auto* name : {"file", "none"}) {
    const auto said = run("check", environment_.variables({{"SECRETS_DIR", folder.at(name)}}));
    EXPECT_EQ(said.code, 4) << said.text;
    EXPECT_THAT(said.text, AllOf(HasSubstr("WRONG secrets: files in " + folder.at(name) + ": "),
                                 Not(HasSubstr("ok    secrets: files")),
                                 HasSubstr("ok    secrets: environment variables")));
  }
}

TEST_F(ProgramCheck, CheckLooksAtSecretsManagerBeforeTheSecretsOfProfiles) {
  const tests::temporary_folder folder;
  folder.write("worker.yaml", "profiles:\n  billing:\n    source: keys\n    accessKeyId: " +
                                  sandbox::access_key{}.id +
                                  "\n    secretAccessKey: '{{secrets.BILLING_KEY}}'\n");
  sandbox::secrets_manager store;
  store.put("prod/worker", R"({"BILLING_KEY":")" + sandbox::access_key{}.secret + "\"}");
  const auto with = [&](const std::string& id) {
    return environment_.variables({{"LAMBDA_CONNECTOR_CONFIG", folder.at("worker.yaml")},
                                   {"SECRETS_AWS_SECRET_ID", id},
                                   {"AWS_ENDPOINT_URL_STS", sts_.url()},
                                   {"AWS_ENDPOINT_URL_SECRETS_MANAGER", store.url()}});
  };
  const auto good = run("check", with("prod/worker"));
  EXPECT_EQ(good.code, 0) << good.text;
  EXPECT_THAT(good.text, AllOf(HasSubstr("ok    secrets: AWS Secrets Manager, secret prod/worker"),
                               HasSubstr("ok    profile billing: "), says_no_secret()));
  const auto wrong = run("check", with("prod/other"));
  EXPECT_EQ(wrong.code, 4) << wrong.text;
  EXPECT_THAT(wrong.text,
              AllOf(HasSubstr("WRONG secrets: AWS Secrets Manager, secret prod/other: "),
                    Not(HasSubstr("ok    secrets: AWS")), HasSubstr("WRONG the secret BILLING_KEY"),
                    HasSubstr("WRONG profile billing: ")));
}

TEST_F(ProgramCheck, CheckAsksWhoseTheKeysAreAndReachesLambda) {
  auto variables = environment_.variables({{"AWS_ENDPOINT_URL_STS", sts_.url()}});
  const auto good = run("check", variables);
  EXPECT_EQ(good.code, 0) << good.text;
  EXPECT_THAT(good.text,
              AllOf(HasSubstr("caller arn:aws:iam::123456789012:user/"),
                    HasSubstr("ok    Lambda in us-east-1: "), HasSubstr("note  not looked at: "),
                    HasSubstr("trusted roots for AWS: AWS_CA_BUNDLE (")));
  variables["AWS_SECRET_ACCESS_KEY"] = "another-secret-key";
  const auto wrong = run("check", variables);
  EXPECT_EQ(wrong.code, 4) << wrong.text;
  EXPECT_THAT(wrong.text,
              AllOf(HasSubstr("WRONG credentials: "), HasSubstr("SignatureDoesNotMatch"),
                    Not(HasSubstr("ok    credentials")), Not(HasSubstr("another-secret"))));
}

TEST_F(ProgramCheck, CheckSaysThatAnEndpointIsDead) {
  const auto sts =
      run("check", environment_.variables({{"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1"}}));
  EXPECT_EQ(sts.code, 4) << sts.text;
  EXPECT_THAT(sts.text, AllOf(HasSubstr("WRONG credentials: "), HasSubstr("ok    Lambda")));
  const auto lambda =
      run("check", environment_.variables({{"AWS_ENDPOINT_URL_STS", sts_.url()},
                                           {"AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:1"}}));
  EXPECT_EQ(lambda.code, 5) << lambda.text;
  EXPECT_THAT(lambda.text, AllOf(HasSubstr("WRONG Lambda in us-east-1: "), HasSubstr("127.0.0.1")));
}

TEST_F(ProgramCheck, CheckSaysThatTheRoleIsRefused) {
  sts_.require_external_id("arn:aws:iam::123456789012:role/worker", "another");
  const auto refused = run("check", as_role());
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.text, AllOf(HasSubstr("WRONG credentials: "), HasSubstr("AccessDenied"),
                                  HasSubstr("role/worker")));
}

}  // namespace
}  // namespace worker::program
