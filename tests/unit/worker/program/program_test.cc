// The program's own commands, as an operator types them: what they say and what they never say. The
// shipped binary as a process, with the embedded engine, Lambda and STS around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sandbox/process/child_process.h"
#include "tests/unit/worker/program/program_fixture.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::program {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Program = program_fixture;

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

// It had run, and what was said was "cannot call".
TEST_F(Program, AFunctionThatFailsIsToldAsTheTaskWouldHaveIt) {
  struct row {
    const char* arguments;
    const char* default_headers;
    const char* begin;
  };
  for (const row& each :
       {row{"--header onFunctionError=fail", "", "FUNCTION_ERROR: "},
        row{"--header onFunctionError=bpmnError", "", "OutOfStock: "},
        row{"--header 'bpmnErrors=*'", "", "OutOfStock: "},
        row{"--job-type lambdaConnector.INVOKE", "onFunctionError=fail", "FUNCTION_ERROR: "}}) {
    auto variables = environment_.variables({{"SECRET_TOKEN", "marked-secret-value"}});
    if (*each.default_headers != '\0') {
      variables["LAMBDA_CONNECTOR_DEFAULT_HEADERS"] = each.default_headers;
    }
    const auto done = run(std::string("invoke --function fail --payload "
                                      "'{\"type\":\"OutOfStock\",\"message\":\"no "
                                      "{{secrets.TOKEN}} left\"}' --header "
                                      "secrets=payload.message:TOKEN ") +
                              each.arguments,
                          variables);
    EXPECT_EQ(done.code, 1) << done.text;
    EXPECT_THAT(done.text, AllOf(testing::StartsWith(each.begin), HasSubstr("no *** left"),
                                 Not(HasSubstr("std::get")), Not(HasSubstr("marked-secret"))));
  }
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
