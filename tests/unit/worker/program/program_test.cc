// The program's own commands, as an operator types them: what they say and what they never say. The
// shipped binary as a process, with the embedded engine, Lambda and STS around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/secrets_manager.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/sandbox/process/child_process.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct said {
  std::string text;  // of both streams
  int code = -1;
};

std::string quoted(const std::string& text) { return "'" + text + "'"; }

// The programs around it answer at once or never; `timeout` bounds the latter.
said run(const std::string& arguments, const journey::environment_variables& variables) {
  std::string line = "timeout 30 env -i ";
  for (const auto& [name, value] : variables) line += quoted(name + "=" + value) + " ";
  line += quoted(LAMBDA_CONNECTOR_PROGRAM) + " " + arguments + " 2>&1";
  said out;
  FILE* const stream = ::popen(line.c_str(), "r");
  if (stream == nullptr) return out;
  char piece[4096];
  while (const auto size = std::fread(piece, 1, sizeof piece, stream)) out.text.append(piece, size);
  out.code = WEXITSTATUS(::pclose(stream));
  return out;
}

class Program : public testing::Test {
 protected:
  Program() : environment_(without_worker()) {
    sts_.on_new_keys([this](std::vector<sandbox::access_key> keys) {
      environment_.lambda().set_keys(std::move(keys));
    });
  }
  ~Program() override { sts_.on_new_keys({}); }

  static journey::test_environment_options without_worker() {
    journey::test_environment_options out;
    out.start_worker = false;
    return out;
  }
  [[nodiscard]] journey::environment_variables as_role() const {
    return environment_.variables(
        {{"LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/worker"},
         {"LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID", "x-1"},
         {"AWS_ENDPOINT_URL_STS", sts_.url()}});
  }
  // Neither keys that were given nor those that were fetched.
  static auto says_no_secret() {
    return AllOf(Not(HasSubstr(sandbox::access_key{}.secret)), Not(HasSubstr("sandbox/sts/secret")),
                 Not(HasSubstr("sandbox+sts/token")));
  }

  sandbox::sts sts_;
  journey::test_environment environment_;
};

// What was thrown for it was lost, and with it every later line; the exit code was 0.
TEST_F(Program, CheckNamesACaFileOfTheGatewayThatCannotBeUsedAndLooksAtTheRest) {
  for (const auto* file : {"/no/such/ca.pem", "/dev/null", "/etc/hostname"}) {
    auto variables = environment_.variables();
    variables["CAMUNDA_GRPC_ADDRESS"] = "https://" + environment_.engine().address();
    variables["CAMUNDA_CA_CERTIFICATE_PATH"] = file;
    const auto checked = run("check", variables);
    EXPECT_NE(checked.code, 0) << checked.text;
    EXPECT_THAT(checked.text, AllOf(HasSubstr("WRONG gateway"), HasSubstr(file),
                                    HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr("secrets"),
                                    HasSubstr("credentials: environment")));
    const auto started = run("run", variables);
    EXPECT_EQ(started.code, 1) << started.text;
    EXPECT_THAT(started.text, AllOf(HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr(file)));
  }
}

TEST_F(Program, CheckSaysWhichCredentialsWon) {
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
TEST_F(Program, CheckLooksAtAllTheRestWhenTheGatewaysAuthorityIsMissing) {
  const auto said =
      run("check", environment_.variables({{"CAMUNDA_GRPC_ADDRESS", "https://127.0.0.1:1"},
                                           {"CAMUNDA_CA_CERTIFICATE_PATH", "/none.pem"}}));
  EXPECT_EQ(said.code, 2) << said.text;
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("WRONG gateway https://127.0.0.1:1: "), HasSubstr("/none.pem"),
                    HasSubstr("ok    secrets: "), HasSubstr("ok    credentials: "),
                    HasSubstr("ok    Lambda in us-east-1: ")));
}

TEST_F(Program, CheckAsksEachSourceOfSecrets) {
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

TEST_F(Program, CheckLooksAtSecretsManagerBeforeTheSecretsOfProfiles) {
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

TEST_F(Program, CheckAsksWhoseTheKeysAreAndReachesLambda) {
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

TEST_F(Program, CheckSaysThatAnEndpointIsDead) {
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

TEST_F(Program, CheckSaysThatTheRoleIsRefused) {
  sts_.require_external_id("arn:aws:iam::123456789012:role/worker", "another");
  const auto refused = run("check", as_role());
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.text, AllOf(HasSubstr("WRONG credentials: "), HasSubstr("AccessDenied"),
                                  HasSubstr("role/worker")));
}

// Roles of the operator are no roles of a task: no list allows any here.
TEST_F(Program, InvokesAsTheOperatorsRoleAndSaysWhatItDid) {
  const auto done = run("invoke --function echo --payload '{\"a\":1}' --verbose", as_role());
  EXPECT_EQ(done.code, 0) << done.text;
  EXPECT_THAT(done.text,
              AllOf(HasSubstr("attempt 1: POST /2015-03-31/functions/echo/invocations at https://"),
                    HasSubstr("signed with credentials from role arn:aws:iam"),
                    HasSubstr("HTTP 200"), HasSubstr("{\"a\":1}")));
  EXPECT_THAT(done.text, says_no_secret());
  EXPECT_EQ(environment_.lambda().account().invocations().back().request.access_key_id, "ASIASTS1");
  const auto task =
      run("invoke --function echo --input "
          "'authentication={\"type\":\"assumeRole\",\"roleArn\":\"arn:aws:iam::123456789012:role/"
          "task\"}'",
          as_role());
  EXPECT_EQ(task.code, 1);
  EXPECT_THAT(task.text, HasSubstr("ALLOWED_ROLE_ARNS"));
}

// As for a job: the function's answer is its own, what else it says is not.
TEST_F(Program, InvokesWithSecretsAndDoesNotShowThem) {
  environment_.lambda().register_function("leaky", [](const sandbox::invocation& in) {
    auto out = sandbox::json_answer("1");
    out.log = "got " + in.payload;
    return out;
  });
  const auto variables =
      environment_.variables({{"SECRET_TOKEN", "marked-secret-value"}, {"SECRETS_IN_DATA", "any"}});
  const auto done =
      run(R"(invoke --verbose --function leaky --payload '"{{secrets.TOKEN}}"')", variables);
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(environment_.lambda().account().invocations().back().request.payload,
            R"("marked-secret-value")");
  EXPECT_THAT(done.text,
              AllOf(HasSubstr("got "), HasSubstr("***"), Not(HasSubstr("marked-secret-value"))));
}

TEST_F(Program, EveryOperationCanBeDoneByHand) {
  for (const std::string arguments : {"--operation list", "--operation get --function echo",
                                      "--operation delete --function echo"}) {
    const auto done = run("invoke --verbose " + arguments, environment_.variables());
    EXPECT_EQ(done.code, 0) << done.text;
    EXPECT_THAT(done.text, AllOf(HasSubstr("attempt 1: "), HasSubstr("HTTP 2"), says_no_secret()));
  }
}

TEST_F(Program, NamesTheRegionsWithTheirPartitions) {
  const auto env = run("regions", {});
  EXPECT_EQ(env.code, 0);
  EXPECT_THAT(env.text,
              AllOf(HasSubstr("eu-central-1     aws\n"), HasSubstr("cn-north-1       aws-cn\n"),
                    HasSubstr("us-gov-west-1    aws-us-gov\n")));
}

TEST_F(Program, FeelPrintsTheValueItsTypeAndThePlaceOfAMistake) {
  const tests::temporary_folder folder;
  folder.write("variables.json", R"({"b": 3})");
  const auto value = run("feel '= {a: b - 1}' --context " + folder.at("variables.json"), {});
  EXPECT_EQ(value.code, 0);
  EXPECT_THAT(value.text, AllOf(HasSubstr("{\"a\":2}\n"), HasSubstr("type: context\n")));
  const auto warned = run("feel '= 1 + x.y'", {});
  EXPECT_EQ(warned.code, 0);
  EXPECT_THAT(warned.text, AllOf(HasSubstr("warning: there is no variable 'x'\n"
                                           "  = 1 + x.y\n"
                                           "        ^\n"),
                                 HasSubstr("null\n"), HasSubstr("type: null\n")));
  const auto unread = run("feel '= {a: }'", {});
  EXPECT_EQ(unread.code, 1);
  EXPECT_THAT(unread.text, HasSubstr("  = {a: }\n        ^\n"));
  const auto failed = run("feel '= bpmnError(1, 2)'", {});
  EXPECT_EQ(failed.code, 1);
  EXPECT_THAT(failed.text, HasSubstr("The evaluation failed: "));
}

// The list names a profile that does not exist.
TEST_F(Program, StartsWithOneWarningOfAProfileThatExistsNowhere) {
  auto variables = environment_.variables({{"ALLOWED_PROFILES", "billing"}});
  const auto said = run("check", variables);
  EXPECT_EQ(said.code, 0) << said.text;
  const auto first = said.text.find(
      "ALLOWED_PROFILES: the configuration file has no credential "
      "profile 'billing'");
  ASSERT_NE(first, std::string::npos) << said.text;
  EXPECT_EQ(said.text.find("ALLOWED_PROFILES", first + 1), std::string::npos);
}

// The log of a start, up to the line with this text.
std::string log_until(const std::string& text, const journey::environment_variables& variables,
                      const std::string& admin_address) {
  const tests::temporary_folder folder;
  sandbox::program started;
  started.name = "the worker";
  started.path = LAMBDA_CONNECTOR_PROGRAM;
  started.arguments = {"run", "--admin-address", admin_address};
  for (const auto& [name, value] : variables) started.environment.push_back(name + "=" + value);
  started.log = folder.at("log");
  started.piped = true;
  sandbox::child_process worker(started);
  std::string heard;
  while (heard.find(text) == std::string::npos) {
    heard += worker.hear(std::chrono::seconds(30)) + "\n";
  }
  EXPECT_EQ(worker.end(std::chrono::seconds(30)), 0);
  return heard;
}

// With the admin port off, too: before, the first job that failed was the first to say it.
TEST_F(Program, ItsLogSaysAtStartWhetherThereAreCredentials) {
  for (const std::string admin : {"off", "127.0.0.1:0"}) {
    auto variables = environment_.variables({{"LOG_LEVEL", "info"}});
    const auto good = log_until("there are credentials to sign calls with", variables, admin);
    EXPECT_THAT(good, AllOf(HasSubstr("environment (AWS_*)"), Not(HasSubstr("none yet")),
                            says_no_secret()));
    variables.erase("AWS_ACCESS_KEY_ID");
    variables.erase("AWS_SECRET_ACCESS_KEY");
    variables["AWS_EC2_METADATA_DISABLED"] = "true";
    const auto bad = log_until("there are no credentials", variables, admin);
    EXPECT_THAT(bad, AllOf(HasSubstr("Set AWS_ACCESS_KEY_ID"), Not(HasSubstr("none yet"))));
  }
}

}  // namespace
}  // namespace worker::program
