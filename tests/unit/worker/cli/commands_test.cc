#include "worker/cli/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/temporary_folder.h"
#include "worker/cli/actions.h"
#include "worker/config/settings_table.h"

namespace worker::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

command_line with(std::vector<std::string> arguments,
                  std::map<std::string, std::string> environment = {}) {
  config::sources from;
  from.environment = std::move(environment);
  return parse(arguments, std::move(from));
}

TEST(CommandLine, RunsByDefault) {
  const auto line = with({});
  EXPECT_EQ(line.name, command::run);
  EXPECT_THAT(line.issues, IsEmpty());
  EXPECT_EQ(with({"run"}).name, command::run);
}

TEST(CommandLine, KnowsItsCommands) {
  EXPECT_EQ(with({"check"}).name, command::check);
  EXPECT_EQ(with({"version"}).name, command::version);
  EXPECT_EQ(with({"--version"}).name, command::version);
  EXPECT_EQ(with({"print-config"}).name, command::print_config);
  EXPECT_EQ(with({"regions"}).name, command::regions);
  EXPECT_EQ(with({"print-settings-table"}).name, command::print_settings_table);
  EXPECT_EQ(with({"help"}).name, command::help);
  EXPECT_EQ(with({"--help"}).name, command::help);
  EXPECT_EQ(with({"invoke", "-h"}).name, command::help);
}

TEST(CommandLine, ListsFunctionsOnlyWhenCheckIsAskedTo) {
  EXPECT_TRUE(with({"check", "--functions"}).list_functions);
  EXPECT_FALSE(with({"check"}).list_functions);
  EXPECT_THAT(with({"run", "--functions"}).issues, Not(IsEmpty()));
}

TEST(CommandLine, TakesSettingsBeforeAndAfterTheCommand) {
  EXPECT_EQ(with({"--region", "eu-west-1", "run"}).settings.aws.region, "eu-west-1");
  EXPECT_EQ(with({"run", "--region=eu-west-1"}).settings.aws.region, "eu-west-1");
  const auto line = with({"--max-jobs-active", "7"}, {{"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(line.settings.jobs.max_active, 7);
  EXPECT_EQ(line.settings.aws.region, "eu-west-1");
}

TEST(CommandLine, AnEmptyValueDoesNotTakeTheNextFlag) {
  const auto line = with({"--no-proxy=", "--allowed-functions=orders-*", "--worker-name=", "run"});
  EXPECT_THAT(line.issues, IsEmpty());
  EXPECT_EQ(line.name, command::run);
  EXPECT_EQ(line.settings.aws.no_proxy, "");
  EXPECT_NE(line.settings.policy.everywhere.functions, nullptr);
  EXPECT_THAT(with({"--allowed-functions=", "--region", "eu-central-1"}).issues,
              ElementsAre(AllOf(HasSubstr("--allowed-functions"), HasSubstr("[]"))));
  EXPECT_THAT(with({"--allowed-functions="}).issues, ElementsAre(HasSubstr("[]")));
  const auto invoke = with({"invoke", "--function=f", "--payload=", "--qualifier", "live"});
  EXPECT_EQ(invoke.invoke.payload, "");
  EXPECT_EQ(invoke.invoke.qualifier, "live");
}

TEST(CommandLine, AFlagIsNoValueOfTheFlagBeforeIt) {
  EXPECT_THAT(with({"--no-proxy", "--allowed-functions=orders-*"}).issues,
              ElementsAre(AllOf(HasSubstr("--no-proxy has no value"),
                                HasSubstr("--no-proxy=--allowed-functions."))));
  EXPECT_THAT(with({"invoke", "--function", "--verbose"}).issues,
              testing::Contains(HasSubstr("--function has no value")));
  EXPECT_EQ(with({"--worker-name=--region"}).settings.jobs.worker_name, "--region");
  EXPECT_EQ(with({"--worker-name", "--no-flag-of-ours"}).settings.jobs.worker_name,
            "--no-flag-of-ours");
}

TEST(CommandLine, TakesEveryFlagOfTheTable) {
  for (const auto& spec : config::settings_table()) {
    if (spec.flag.empty()) continue;
    const auto line =
        with({std::string(spec.flag), "\x01"},
             {{"LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/r"}});
    // The value is wrong for every type; the flag itself is known. Half a login has issues besides.
    EXPECT_THAT(line.issues, testing::Contains(HasSubstr(std::string(spec.flag) + " (")))
        << spec.flag;
    EXPECT_THAT(line.issues, testing::Each(testing::Not(HasSubstr("is no flag")))) << spec.flag;
  }
}

TEST(CommandLine, NamesTheFlagThatWasProbablyMeant) {
  const auto line = with({"--regoin", "eu-west-1", "--drain-tim=5s"}, {{"LOG_LEVEL", "loud"}});
  EXPECT_THAT(line.issues, ElementsAre(AllOf(HasSubstr("--regoin"), HasSubstr("--region?")),
                                       AllOf(HasSubstr("--drain-tim "), HasSubstr("--drain-time?")),
                                       HasSubstr("LOG_LEVEL")));
}

TEST(CommandLine, AnEmptyListIsWrittenInBrackets) {
  for (const char* nothing : {"", " ", ","}) {
    EXPECT_THAT(with({"--allowed-functions", nothing}).issues,
                ElementsAre(AllOf(HasSubstr("--allowed-functions ("), HasSubstr("write []"),
                                  HasSubstr("take the line away"))));
  }
  for (const auto& line : {with({"--allowed-functions", "[]"}), with({"--allowed-functions=[]"})}) {
    EXPECT_THAT(line.issues, IsEmpty());
    ASSERT_NE(line.settings.policy.everywhere.functions, nullptr);
    EXPECT_FALSE(line.settings.policy.everywhere.functions->allows({"f", {}, {}, {}, {}}));
  }
}

TEST(CommandLine, RefusesUnknownCommandsAndMissingValues) {
  EXPECT_THAT(with({"serve"}).issues, ElementsAre(HasSubstr("'serve' is no command")));
  EXPECT_THAT(with({"--region"}).issues, ElementsAre(HasSubstr("--region")));
  EXPECT_THAT(with({"run", "--payload", "x"}).issues, ElementsAre(HasSubstr("invoke")));
}

TEST(CommandLine, GivesHelpWhateverElseIsWrong) {
  const auto line = with({"--nonsense", "--help"}, {{"LOG_LEVEL", "loud"}});
  EXPECT_EQ(line.name, command::help);
  EXPECT_THAT(line.issues, IsEmpty());
}

TEST(CommandLine, TakesTheArgumentsOfInvoke) {
  const auto line = with({"invoke", "--function", "orders:live", "--payload", "[1,2]", "--type",
                          "Event", "--qualifier", "7", "--region", "eu-west-1", "--timeout", "1500",
                          "--input", "clientContext={\"custom\":{\"a\":\"b=c\"}}", "--input",
                          "logType=\"None\"", "--verbose"});
  EXPECT_THAT(line.issues, IsEmpty());
  EXPECT_EQ(line.name, command::invoke);
  EXPECT_EQ(line.invoke.function, "orders:live");
  EXPECT_EQ(line.invoke.payload, "[1,2]");
  EXPECT_EQ(line.invoke.invocation_type, "Event");
  EXPECT_EQ(line.invoke.qualifier, "7");
  EXPECT_EQ(line.invoke.timeout, "PT1.500S");
  EXPECT_TRUE(line.invoke.verbose);
  EXPECT_EQ(line.settings.aws.region, "eu-west-1");
  EXPECT_THAT(line.invoke.inputs, ElementsAre(Pair("clientContext", R"({"custom":{"a":"b=c"}})"),
                                              Pair("logType", "\"None\"")));
}

TEST(CommandLine, TakesHeadersAndPlaceOfATask) {
  const auto line =
      with({"invoke", "--function", "f", "--header", "secrets=KEY", "--header",
            "onFunctionError=fail", "--job-type", "t", "--process", "p", "--tenant", "a"});
  EXPECT_THAT(line.issues, IsEmpty());
  EXPECT_THAT(line.invoke.headers,
              ElementsAre(Pair("secrets", "KEY"), Pair("onFunctionError", "fail")));
  EXPECT_EQ(line.invoke.job_type, "t");
  EXPECT_EQ(line.invoke.process, "p");
  EXPECT_EQ(line.invoke.tenant, "a");
  EXPECT_THAT(with({"invoke", "--function", "f", "--header", "secrets"}).issues,
              ElementsAre(HasSubstr("--header must be name=text")));
}

TEST(CommandLine, TakesTheArgumentsOfCheckAndIamPolicy) {
  const auto checked = with({"check", "--json", "--dry-run", "a", "--dry-run", "b"});
  EXPECT_THAT(checked.issues, IsEmpty());
  EXPECT_TRUE(checked.check.json);
  EXPECT_THAT(checked.check.functions, ElementsAre("a", "b"));
  const auto policy =
      with({"iam-policy", "--function", "a", "--function-url", "u", "--account", "111111111111"});
  EXPECT_THAT(policy.issues, IsEmpty());
  EXPECT_THAT(policy.policy.functions, ElementsAre("a"));
  EXPECT_THAT(policy.policy.urls, ElementsAre("u"));
  EXPECT_EQ(policy.policy.account, "111111111111");
  // A schema is no question of settings.
  EXPECT_THAT(with({"print-config", "--schema"}, {{"AWS_REGION", "NO"}}).issues, IsEmpty());
}

// The file of a running worker may have been changed since it started.
TEST(CommandLine, HealthIsNoQuestionOfOtherSettings) {
  EXPECT_THAT(with({"healthcheck"}, {{"AWS_REGION", "NO"}}).issues, IsEmpty());
  EXPECT_THAT(with({"healthcheck"}, {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "x:y"}}).issues,
              ElementsAre(HasSubstr("admin.address")));
  EXPECT_THAT(with({"healthcheck", "--nonsense", "1"}).issues,
              ElementsAre(HasSubstr("is no flag")));
}

TEST(CommandLine, TakesPayloadsOfAnyShape) {
  for (const auto* payload :
       {"{}", "[]", "[\"a\"]", "-", "@file", "{\"a\":[1]}", "plain text", "-5"}) {
    const auto line = with({"invoke", "--function=f", std::string("--payload=") + payload});
    EXPECT_THAT(line.issues, IsEmpty()) << payload;
    EXPECT_EQ(line.invoke.payload, payload);
  }
  EXPECT_EQ(with({"invoke", "--function", "f", "--payload", "-"}).invoke.payload, "-");
}

TEST(CommandLine, InvokesEveryOperation) {
  EXPECT_EQ(with({"invoke", "--function", "f"}).invoke.operation, connector::operation_id::invoke);
  const auto listing = with({"invoke", "--operation", "list"});
  EXPECT_EQ(listing.invoke.operation, connector::operation_id::list_functions);
  EXPECT_THAT(listing.issues, IsEmpty());
  EXPECT_EQ(with({"invoke", "--operation", "get", "--function", "f"}).invoke.operation,
            connector::operation_id::get_function);
  EXPECT_EQ(with({"invoke", "--operation", "delete", "--function", "f"}).invoke.operation,
            connector::operation_id::delete_function);
  EXPECT_THAT(with({"invoke", "--operation", "delete"}).issues,
              ElementsAre(HasSubstr("--function is missing")));
  EXPECT_THAT(
      with({"invoke", "--operation", "update", "--function", "f"}).issues,
      ElementsAre(
          "--operation must be one of invoke, list, get, delete, getExecution, sendCallback."));
}

TEST(CommandLine, SaysWhatIsWrongWithInvoke) {
  EXPECT_THAT(with({"invoke"}).issues, ElementsAre(HasSubstr("--function is missing")));
  EXPECT_THAT(
      with({"invoke", "--function", "f", "--timeout", "soon", "--input", "a=b", "--input", "c"})
          .issues,
      ElementsAre(HasSubstr("'a'"), HasSubstr("'c'"), HasSubstr("--timeout")));
}

TEST(CommandLine, ATimeoutHasAUnitOrIsMilliseconds) {
  EXPECT_THAT(with({"invoke", "--function", "f", "--timeout", "5"}).issues,
              ElementsAre(AllOf(HasSubstr("--timeout: 5 "), HasSubstr("write 5s, or 5ms"))));
  EXPECT_EQ(with({"invoke", "--function", "f", "--timeout", "5s"}).invoke.timeout, "PT5.000S");
  EXPECT_EQ(with({"invoke", "--function", "f", "--timeout", "5ms"}).invoke.timeout, "PT0.005S");
}

TEST(CommandLine, TakesTheArgumentsOfFeel) {
  const auto line = with({"feel", "= {a: b - 1}", "--context", "-"});
  EXPECT_EQ(line.name, command::feel);
  EXPECT_EQ(line.feel.expression, "= {a: b - 1}");
  EXPECT_EQ(line.feel.context, "-");
  EXPECT_THAT(line.issues, IsEmpty());
  EXPECT_TRUE(with({"feel", "--functions"}).feel.functions);
  EXPECT_THAT(with({"feel"}).issues, ElementsAre(HasSubstr("The expression is missing")));
  EXPECT_THAT(with({"feel", "1", "2"}).issues, ElementsAre(HasSubstr("'2' is no command")));
}

TEST(CommandLine, HelpNamesCommandsAndSettings) {
  const auto help = help_text();
  for (const auto* word : {"run", "invoke", "check", "print-config", "version", "--function",
                           "--gateway-address", "ZEEBE_ADDRESS", "NAME_FILE"}) {
    EXPECT_THAT(help, HasSubstr(word));
  }
  EXPECT_EQ(help.find("print-settings-table"), std::string::npos);
}

TEST(CommandLine, HelpNamesEveryExitCode) {
  const auto help = help_text();
  const auto codes = help.substr(help.find("\nExit codes:\n"));
  for (const int code :
       {exit_fine, exit_failed, exit_configuration, exit_gateway, exit_credentials, exit_lambda}) {
    EXPECT_THAT(codes, HasSubstr("\n  " + std::to_string(code) + "  "));
  }
}

TEST(CommandLine, HelpNamesEveryOperation) {
  const auto help = help_text();
  const auto listed = help.substr(help.find("\nOperations: "));
  for (const auto& each : connector::operations()) {
    EXPECT_THAT(listed, HasSubstr(std::string(each.name)));
  }
}

TEST(PayloadArgument, IsTextOrAFile) {
  const tests::temporary_folder folder;
  folder.write("payload.json", "{\"n\": 1.10}\n");
  EXPECT_EQ(payload_text("{\"a\":1}").value(), "{\"a\":1}");
  EXPECT_EQ(payload_text("@" + folder.at("payload.json")).value(), "{\"n\": 1.10}");
  EXPECT_EQ(payload_text("@" + folder.at("none")).error().code,
            connector::error_code::invalid_input);
  EXPECT_EQ(payload_text("@" + folder.at("payload.json"), 5).error().code,
            connector::error_code::invalid_input);
}

}  // namespace
}  // namespace worker::cli
