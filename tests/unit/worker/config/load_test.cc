#include "worker/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/utf8.h"
#include "worker/config/job_lists.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Load : public testing::Test {
 protected:
  Load() {
    from_.here.host = "pod-1";
    from_.read_file = [this](const std::string& path, std::size_t most) -> connector::file_text {
      const auto it = files_.find(path);
      if (it == files_.end())
        return {connector::file_text::state::missing, {}, "No such file or directory"};
      if (it->second.size() > most)
        return {connector::file_text::state::too_large, {}, "too large"};
      return {connector::file_text::state::read, it->second, {}};
    };
  }
  void set(const std::string& name, const std::string& value) { from_.environment[name] = value; }
  settings good() {
    auto done = load(from_);
    for (const auto& each : done.issues) ADD_FAILURE() << describe(each);
    return std::move(done.values);
  }
  std::vector<std::string> issues() {
    std::vector<std::string> texts;
    for (const auto& each : load(from_).issues) texts.push_back(describe(each));
    return texts;
  }

  sources from_;
  std::map<std::string, std::string> files_;
};

TEST_F(Load, HasADefaultForEverything) {
  const auto values = good();
  EXPECT_EQ(values.gateway.target, "localhost:26500");
  EXPECT_FALSE(values.gateway.tls);
  EXPECT_EQ(values.gateway.keep_alive, milliseconds(45000));
  EXPECT_EQ(values.jobs.max_active, 32);
  EXPECT_EQ(values.jobs.activation_timeout, seconds(60));
  EXPECT_EQ(values.jobs.worker_name, "lambda-connector-pod-1");
  EXPECT_TRUE(values.jobs.stream);
  EXPECT_EQ(values.jobs.drain_time, seconds(25));
  EXPECT_EQ(values.jobs.hold_time, minutes(15));
  EXPECT_EQ(values.jobs.byte_budget, 64U * 1024 * 1024);
  EXPECT_FALSE(values.jobs.engine_message_size);
  EXPECT_THAT(values.jobs.tenant_ids, IsEmpty());
  EXPECT_THAT(values.jobs.types,
              Contains(served_type{"lambdaConnector.INVOKE", connector::operation_id::invoke}));
  EXPECT_TRUE(values.aws.log_tail);
  EXPECT_EQ(values.secrets.environment_prefix, "SECRET_");
  EXPECT_FALSE(values.secrets.in_data_any);
  EXPECT_EQ(values.log.least, connector::log::level::info);
  EXPECT_EQ(values.log.how, connector::log::format::json);
}

TEST_F(Load, TakesTheFlagOverTheEnvironmentOverTheDefault) {
  set("AWS_REGION", "eu-west-1");
  EXPECT_EQ(good().aws.region, "eu-west-1");
  from_.flags = {{"--region", "eu-central-1"}};
  EXPECT_EQ(good().aws.region, "eu-central-1");
}

TEST_F(Load, TakesTheFirstOfSeveralVariables) {
  set("ZEEBE_ADDRESS", "third:1");
  EXPECT_EQ(good().gateway.target, "third:1");
  EXPECT_TRUE(good().gateway.tls_by_default);
  set("ZEEBE_GRPC_ADDRESS", "http://second:1");
  EXPECT_EQ(good().gateway.target, "second:1");
  set("CAMUNDA_GRPC_ADDRESS", "http://first:1");
  EXPECT_EQ(good().gateway.target, "first:1");
  set("CAMUNDA_GRPC_ADDRESS", "");
  EXPECT_EQ(good().gateway.target, "second:1");
}

TEST_F(Load, IsPlaintextWithoutSchemeOnlyWhenToldSo) {
  set("ZEEBE_ADDRESS", "zeebe:26500");
  EXPECT_TRUE(good().gateway.tls);
  set("ZEEBE_INSECURE_CONNECTION", "true");
  EXPECT_FALSE(good().gateway.tls);
  set("CAMUNDA_INSECURE_CONNECTION", "false");
  EXPECT_TRUE(good().gateway.tls);
}

TEST_F(Load, ReadsEveryVariableFromAFile) {
  files_["/run/region"] = "eu-west-3";
  set("AWS_REGION_FILE", "/run/region");
  EXPECT_EQ(good().aws.region, "eu-west-3");
  for (const auto& spec : settings_table()) {
    for (const auto name : variables_of(spec)) {
      sources one = from_;
      one.environment = {{std::string(name) + "_FILE", "/not/there"}};
      const auto done = load(one);
      EXPECT_THAT(done.issues,
                  Contains(testing::Field(&issue::source, std::string(name) + "_FILE")))
          << name;
    }
  }
}

TEST_F(Load, RefusesAVariableThatIsAlsoAFile) {
  files_["/run/region"] = "eu-west-3";
  set("AWS_REGION_FILE", "/run/region");
  set("AWS_REGION", "eu-west-1");
  EXPECT_THAT(issues(),
              UnorderedElementsAre(AllOf(HasSubstr("AWS_REGION"), HasSubstr("both set"))));
}

TEST_F(Load, SaysAllMistakesAtOnce) {
  set("ZEEBE_KEEP_ALIVE", "soon");
  set("CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "0");
  set("SECRETS_IN_DATA", "all");
  set("CAMUNDA_CA_CERTIFICATE_PATH_FILE", "/nowhere");
  from_.flags = {
      {"--drain-time", "17m"}, {"--log-level", "loud"}, {"--region", "a"}, {"--region", "b"}};
  EXPECT_THAT(
      issues(),
      UnorderedElementsAre(
          AllOf(HasSubstr("ZEEBE_KEEP_ALIVE (gateway.keepAlive)"), HasSubstr("'soon'"),
                HasSubstr("a duration from 1 s to 60 min")),
          AllOf(HasSubstr("MAXJOBSACTIVE"), HasSubstr("an integer from 1 to 10000")),
          AllOf(HasSubstr("SECRETS_IN_DATA (secrets.inData)"), HasSubstr("one of listed, any")),
          AllOf(HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH_FILE"), HasSubstr("/nowhere")),
          AllOf(HasSubstr("--drain-time (jobs.drainTime)"), HasSubstr("16 min")),
          AllOf(HasSubstr("--log-level (log.level)"), HasSubstr("debug")),
          AllOf(HasSubstr("--region (aws.region)"), HasSubstr("more than once"))));
}

// Every list of the table, and all that the guards are told: by each way in.
TEST_F(Load, NoListIsOpenBecauseItsValueIsEmpty) {
  files_["/empty"] = "";
  files_["/blank"] = " \n";
  for (const auto& spec : settings_table()) {
    if (!spec.must_say()) continue;
    const auto expect_mistake = [&](const sources& from, const std::string& source) {
      const auto done = load(from);
      ASSERT_THAT(done.issues, SizeIs(1)) << source << " of " << spec.key;
      const auto& said = done.issues.front();
      EXPECT_EQ(said.key, spec.key);
      EXPECT_EQ(said.source, source);
      if (source.ends_with("_FILE") && said.text.find("'/") != std::string::npos) return;
      EXPECT_THAT(said.text, HasSubstr("take the line away")) << source;
      if (spec.type == setting_type::list && spec.bounds.least == 0) {
        EXPECT_THAT(said.text, HasSubstr("write []")) << source;
      }
    };
    for (const std::string nothing : {"", " ", ",", " ,\n, ", "\t"}) {
      for (const auto name : variables_of(spec)) {
        auto from = from_;
        from.environment = {{std::string(name), nothing}};
        expect_mistake(from, std::string(name));
      }
      auto from = from_;
      from.flags = {{std::string(spec.flag), nothing}};
      expect_mistake(from, std::string(spec.flag));
    }
    for (const auto name : variables_of(spec)) {
      for (const std::string path : {"", "/empty", "/blank"}) {
        auto from = from_;
        from.environment = {{std::string(name) + "_FILE", path}};
        expect_mistake(from, std::string(name) + "_FILE");
      }
    }
  }
}

TEST_F(Load, AListIsClosedByBracketsWithNothingInThem) {
  files_["/list"] = "[]\n";
  const connector::guarded_function any{"f", {}, {}, {}, {}};
  set("ALLOWED_FUNCTIONS", "[]");
  ASSERT_NE(good().policy.everywhere.functions, nullptr);
  EXPECT_FALSE(good().policy.everywhere.functions->allows(any));
  set("ALLOWED_FUNCTIONS", "[ ]");
  EXPECT_FALSE(good().policy.everywhere.functions->allows(any));
  from_.environment = {{"ALLOWED_FUNCTIONS_FILE", "/list"}};
  EXPECT_FALSE(good().policy.everywhere.functions->allows(any));
  from_.environment.clear();
  from_.flags = {{"--allowed-functions", "[]"}, {"--allowed-secrets", "[]"}};
  EXPECT_FALSE(good().policy.everywhere.functions->allows(any));
  EXPECT_FALSE(good().policy.everywhere.secrets->allows_name("A"));
  from_.flags.clear();
  set("SECRETS_SOURCES", "[]");
  EXPECT_THAT(good().secrets.order, IsEmpty());
}

TEST_F(Load, BracketsStandForAnEmptyListAlone) {
  for (const char* text : {"[],a", "a,[]", "[a,b]", "[a]"}) {
    set("ALLOWED_SECRETS", text);
    EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("without brackets"))) << text;
  }
  from_.environment.clear();
  from_.flags = {{"--allowed-secrets", "[]"}, {"--allowed-secrets", "a"}};
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("without brackets")));
  from_.flags = {{"--allowed-hosts", "[::1]"}};
  EXPECT_NE(good().policy.everywhere.hosts, nullptr);
  from_.flags = {{"--tenant-ids", "[]"}, {"--job-types", "[]"}};
  EXPECT_THAT(issues(),
              UnorderedElementsAre(HasSubstr("at least one"), HasSubstr("at least one")));
}

// With both set the list is the one that holds something.
TEST_F(Load, AnEmptyListBesideAnotherNameOfItIsStillAMistake) {
  set("CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS", "");
  set("ZEEBE_DEFAULT_JOB_WORKER_TENANT_IDS", "acme");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS")));
}

TEST_F(Load, AFileThatIsEmptyIsNoValue) {
  files_["/run/region"] = "\n";
  set("AWS_REGION_FILE", "/run/region");
  EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr("AWS_REGION_FILE"),
                                                     HasSubstr("'/run/region' is empty"))));
}

TEST_F(Load, JoinsListsOfSeveralFlags) {
  from_.flags = {{"--tenant-ids", "a,b"},
                 {"--tenant-ids", "c"},
                 {"--default-header", "onError=complete"},
                 {"--default-header", "bpmnErrors=A,B"}};
  const auto values = good();
  EXPECT_THAT(values.jobs.tenant_ids, testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(default_headers_of(values.jobs, "any"),
            (std::map<std::string, std::string>{{"onError", "complete"}, {"bpmnErrors", "A,B"}}));
}

TEST_F(Load, RefusesDefaultHeadersOfTypesThatAreNotServed) {
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "billing:onError=complete");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("'billing' is not")));
  set("LAMBDA_CONNECTOR_JOB_TYPES", "billing=invoke");
  EXPECT_EQ(default_headers_of(good().jobs, "billing").at("onError"), "complete");
}

TEST_F(Load, LooksIntoDefaultHeadersAndSaysAllThatIsWrong) {
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

TEST_F(Load, TakesTheByteBudgetFromTheContainer) {
  from_.here.memory_limit = 64 * 1024 * 1024;
  EXPECT_EQ(good().jobs.byte_budget, 16U * 1024 * 1024);
  set("LAMBDA_CONNECTOR_BYTE_BUDGET", "10MB");
  EXPECT_EQ(good().jobs.byte_budget, 10U * 1024 * 1024);
}

TEST_F(Load, RefusesToStartWithALoginItCannotDo) {
  set("CAMUNDA_CLIENT_ID", "id");
  set("ZEEBE_CLIENT_SECRET", "hush-hush");
  set("CAMUNDA_BASIC_AUTH_PASSWORD_FILE", "/run/password");
  set("ZEEBE_CLIENT_ID", "");
  const auto all = issues();
  EXPECT_THAT(
      all, UnorderedElementsAre(HasSubstr("CAMUNDA_CLIENT_ID:"), HasSubstr("ZEEBE_CLIENT_SECRET:"),
                                HasSubstr("CAMUNDA_BASIC_AUTH_PASSWORD_FILE:")));
  for (const auto& each : all) EXPECT_EQ(each.find("hush-hush"), std::string::npos);
}

TEST_F(Load, CollectsSecretsOfTheEnvironment) {
  files_["/run/secrets/db"] = "from file";
  set("SECRET_TOKEN", "value");
  set("SECRET_DB_FILE", "/run/secrets/db");
  set("SECRET_", "nameless");
  set("SECRETS_DIR", "/etc/secrets");
  const auto values = good();
  ASSERT_THAT(values.secrets.environment, SizeIs(2));
  EXPECT_EQ(values.secrets.environment.at("TOKEN").reveal(), "value");
  EXPECT_EQ(values.secrets.environment.at("DB").reveal(), "from file");
  EXPECT_EQ(values.secrets.directory, "/etc/secrets");
}

// A task could have it sent to a function.
TEST_F(Load, RefusesAPrefixThatMakesAVariableOfItsOwnASecret) {
  set("AWS_SECRET_ACCESS_KEY", "hush-hush");
  set("AWS_ACCESS_KEY_ID", "AKIA1");
  for (const std::string prefix :
       {"A", "AWS_", "AWS_SECRET_", "AWS_X_", "CAMUNDA", "ZEEBE_CLIENT_", "LAMBDA_", "H", "HTTPS_",
        "https", "SECRETS_", "PAT", "LD_", "GRPC_TRACE"}) {
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

TEST_F(Load, EmptyPrefixMakesNothingASecret) {
  set("AWS_SECRET_ACCESS_KEY", "hush-hush");
  set("AWS_ACCESS_KEY_ID", "AKIA1");
  set("SECRETS_ENV_PREFIX", "");
  set("SECRET_TOKEN", "value");
  const auto values = good();
  EXPECT_THAT(values.secrets.environment, SizeIs(1));
  EXPECT_EQ(values.secrets.environment_prefix, "SECRET_");
}

TEST_F(Load, TakesAnotherPrefixForSecrets) {
  set("SECRETS_ENV_PREFIX", "APP_");
  set("APP_TOKEN", "value");
  set("SECRET_OTHER", "value");
  const auto values = good();
  ASSERT_THAT(values.secrets.environment, SizeIs(1));
  EXPECT_TRUE(values.secrets.environment.contains("TOKEN"));
}

TEST_F(Load, CollectsTheVariablesOfAws) {
  files_["/run/key"] = "secret-key";
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY_FILE", "/run/key");
  set("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token");
  set("AWS_PROFILE", "");
  const auto values = good();
  EXPECT_EQ(values.aws.variables.at("AWS_ACCESS_KEY_ID").reveal(), "AKID");
  EXPECT_EQ(values.aws.variables.at("AWS_SECRET_ACCESS_KEY").reveal(), "secret-key");
  EXPECT_EQ(values.aws.variables.at("AWS_WEB_IDENTITY_TOKEN_FILE").reveal(), "/var/run/token");
  EXPECT_THAT(values.aws.variables, SizeIs(3));
}

TEST_F(Load, TakesBlanksOffTheKeysOfAws) {
  files_["/run/token"] = "token== \r\n";
  set("AWS_ACCESS_KEY_ID", "AKID\n");
  set("AWS_SECRET_ACCESS_KEY", " secret-key\r\n");
  set("AWS_SESSION_TOKEN_FILE", "/run/token");
  const auto values = good();
  EXPECT_EQ(values.aws.variables.at("AWS_ACCESS_KEY_ID").reveal(), "AKID");
  EXPECT_EQ(values.aws.variables.at("AWS_SECRET_ACCESS_KEY").reveal(), "secret-key");
  EXPECT_EQ(values.aws.variables.at("AWS_SESSION_TOKEN").reveal(), "token==");
}

TEST_F(Load, RefusesHalfAPairOfKeys) {
  set("AWS_LAMBDA_AWS_ACCESS_KEY", "AKID");
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY", "secret-key");
  EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr("AWS_LAMBDA_AWS_SECRET_KEY"),
                                                     HasSubstr("AWS_LAMBDA_AWS_ACCESS_KEY is"))));
}

TEST_F(Load, AKeyWhoseFileCannotBeReadIsNotMissing) {
  set("AWS_ACCESS_KEY_ID", "AKID");
  set("AWS_SECRET_ACCESS_KEY_FILE", "/none");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("'/none'")));
}

TEST_F(Load, NamesWhatIsHalfThere) {
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

TEST_F(Load, SourcesOfSecretsAndWhatIsKnownOfThemAgree) {
  set("SECRETS_SOURCES", "aws,files");
  EXPECT_THAT(
      issues(),
      UnorderedElementsAre(AllOf(HasSubstr("SECRETS_SOURCES"), HasSubstr("SECRETS_AWS_SECRET_ID")),
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

TEST_F(Load, WarnsOfWhatCanNeverCount) {
  from_.environment = {{"LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE", "lambdaConnector.INVOKE=33"},
                       {"CAMUNDA_KEEP_ALIVE", "10000"},
                       {"LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE", "1MB"}};
  EXPECT_THAT(load(from_).warnings,
              UnorderedElementsAre(HasSubstr("jobs.maxActive is 32"), HasSubstr("every 30 s"),
                                   HasSubstr("aws.maxListBytes")));
}

TEST_F(Load, SaysWhatIsWrongInLinesOfText) {
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "\xAC=1");
  set("LAMBDA_CONNECTOR_JOB_TYPES", "a\xC3\x28=x");
  set("LAMBDA_CONNECTOR_\x1b[2J\xFF", "1");
  const auto done = load(from_);
  EXPECT_THAT(done.issues, SizeIs(2));
  EXPECT_THAT(done.warnings, SizeIs(1));
  for (const auto& each : done.issues) EXPECT_TRUE(connector::is_utf8(describe(each)));
  for (const auto& each : done.warnings) {
    EXPECT_TRUE(connector::is_utf8(each));
    EXPECT_EQ(each.find('\x1b'), std::string::npos);
  }
}

TEST_F(Load, NeverShowsSecrets) {
  set("AWS_ACCESS_KEY_ID", "AKIDAKID");
  set("AWS_SECRET_ACCESS_KEY", std::string("bad\x01key-value"));
  set("LAMBDA_CONNECTOR_DEFAULT_HEADERS", "authentication={\"k\":\"key-value\"}");
  set("CAMUNDA_GRPC_ADDRESS", "http://user:key-value@host");
  const auto done = load(from_);
  EXPECT_THAT(done.issues, SizeIs(testing::Ge(2U)));
  for (const auto& each : done.issues) {
    EXPECT_EQ(describe(each).find("key-value"), std::string::npos) << describe(each);
  }
  for (const auto& each : done.values.shown) {
    EXPECT_EQ(each.value.find("key-value"), std::string::npos) << each.key;
    EXPECT_EQ(each.value.find("AKIDAKID"), std::string::npos) << each.key;
  }
}

TEST_F(Load, SaysWhereEachValueIsFrom) {
  set("ZEEBE_ADDRESS", "zeebe:1");
  from_.flags = {{"--max-jobs-active", "5"}};
  const auto shown = good().shown;
  const auto source_of = [&](std::string_view key) {
    for (const auto& each : shown) {
      if (each.key == key) return each.source;
    }
    return std::string("not shown");
  };
  EXPECT_EQ(source_of("gateway.address"), "ZEEBE_ADDRESS");
  EXPECT_EQ(source_of("jobs.maxActive"), "--max-jobs-active");
  EXPECT_EQ(source_of("jobs.timeout"), "default");
  EXPECT_THAT(shown, SizeIs(settings_table().size()));
}

TEST_F(Load, WarnsWhenAnyReferenceInDataCounts) {
  set("SECRETS_IN_DATA", "any");
  EXPECT_TRUE(good().secrets.in_data_any);
  EXPECT_THAT(load(from_).warnings, testing::ElementsAre(HasSubstr("SECRETS_IN_DATA=any")));
}

TEST_F(Load, WarnsOfVariablesThatLookMisspelt) {
  set("LAMBDA_CONNECTOR_DRAIN_TIMES", "5s");
  set("LAMBDA_CONNECTOR_SERVICE_HOST", "10.0.0.1");
  set("LAMBDA_CONNECTOR_PORT_8080_TCP_ADDR", "10.0.0.1");
  const auto done = load(from_);
  EXPECT_THAT(done.issues, IsEmpty());
  EXPECT_THAT(done.warnings,
              testing::ElementsAre(AllOf(HasSubstr("LAMBDA_CONNECTOR_DRAIN_TIMES"),
                                         HasSubstr("LAMBDA_CONNECTOR_DRAIN_TIME?"))));
}

TEST_F(Load, ARegionOfWrongShapeIsAMistakeWithTheNearName) {
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

// A shell takes quotes away, an --env-file of docker keeps them.
TEST_F(Load, QuotesAroundAValueAreAMistake) {
  for (const char* variable : {"AWS_REGION", "SECRETS_DIR", "CAMUNDA_GRPC_ADDRESS", "AWS_CA_BUNDLE",
                               "ALLOWED_FUNCTIONS", "LAMBDA_CONNECTOR_DRAIN_TIME"}) {
    for (const std::string quote : {"'", "\""}) {
      from_.environment = {{variable, quote + "us-east-1" + quote}};
      EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("the quotes around it"))) << variable;
    }
  }
  from_.environment = {{"AWS_ACCESS_KEY_ID", "\"hush-hush\""}, {"AWS_SECRET_ACCESS_KEY", "x"}};
  EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr("the quotes around it"),
                                                     testing::Not(HasSubstr("hush-hush")))));
}

TEST_F(Load, ASmallNumberWithoutAUnitIsNoDuration) {
  for (const auto& spec : settings_table()) {
    if (spec.type != setting_type::duration || spec.in_milliseconds()) continue;
    if (spec.bounds.least >= 1000) continue;  // refused as too short
    for (const auto name : variables_of(spec)) {
      from_.environment = {{std::string(name), "25"}};
      EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr(std::string(name)),
                                                         HasSubstr("25 milliseconds"),
                                                         HasSubstr("write 25s, or 25ms"))));
    }
  }
  from_.environment = {{"LAMBDA_CONNECTOR_DRAIN_TIME", "999"}};
  EXPECT_THAT(issues(), SizeIs(1));
  for (const char* taken : {"25s", "25ms", "0", "1000", "PT0.025S", "0.025s"}) {
    from_.environment = {{"LAMBDA_CONNECTOR_DRAIN_TIME", taken}};
    EXPECT_THAT(issues(), SizeIs(std::string(taken) == "0.025s" ? 1 : 0)) << taken;
  }
  from_.environment = {{"CAMUNDA_CLIENT_REQUESTTIMEOUT", "500"}, {"CAMUNDA_KEEP_ALIVE", "45000"}};
  EXPECT_EQ(good().gateway.request_timeout, milliseconds(500));
  EXPECT_THAT(load(from_).warnings,
              testing::ElementsAre(AllOf(HasSubstr("CAMUNDA_CLIENT_REQUESTTIMEOUT"),
                                         HasSubstr("500 milliseconds"))));
}

TEST_F(Load, WarnsOfMisspeltNamesOfEverySetting) {
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
TEST_F(Load, SaysNothingOfVariablesOfOtherPrograms) {
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
                           "AWS_MAX_ATTEMPTS",
                           "AWS_RETRY_MODE",
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

TEST_F(Load, TakesTheSpringRuntimesNamesInEachOfTheirSpellings) {
  for (const char* name :
       {"CAMUNDA_CLIENT_GRPCADDRESS", "CAMUNDA_CLIENT_GRPC_ADDRESS", "CAMUNDA_CLIENT_GRPC-ADDRESS",
        "camunda.client.grpc-address", "CAMUNDA_CLIENT_ZEEBE_GRPCADDRESS",
        "CAMUNDA_CLIENT_ZEEBE_GRPC_ADDRESS", "ZEEBE_CLIENT_BROKER_GATEWAY_ADDRESS",
        "ZEEBE_CLIENT_BROKER_GATEWAYADDRESS", "ZEEBE_CLIENT_BROKER_GATEWAY-ADDRESS",
        "ZEEBE_CLIENT_BROKER_GRPC_ADDRESS"}) {
    from_.environment = {{name, "http://zeebe:1"}};
    const auto values = good();
    EXPECT_EQ(values.gateway.target, "zeebe:1") << name;
    EXPECT_THAT(values.shown,
                Contains(testing::FieldsAre("gateway.address", "http://zeebe:1", name)));
    EXPECT_THAT(load(from_).warnings, IsEmpty()) << name;
  }
  files_["/address"] = "http://zeebe:2";
  from_.environment = {{"CAMUNDA_CLIENT_GRPC_ADDRESS_FILE", "/address"}};
  EXPECT_EQ(good().gateway.target, "zeebe:2");
  from_.environment = {{"ZEEBE_CLIENT_BROKER_GATEWAY_ADDRESS", "zeebe:3"}};
  EXPECT_TRUE(good().gateway.tls);
  set("ZEEBE_CLIENT_SECURITY_PLAINTEXT", "true");
  EXPECT_FALSE(good().gateway.tls);
  set("ZEEBE_ADDRESS", "first:4");
  EXPECT_EQ(good().gateway.target, "first:4");
  from_.environment = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_MAX_JOBS_ACTIVE", "7"},
                       {"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAM_ENABLED", "false"},
                       {"CAMUNDA_CLIENT_ZEEBE_DEFAULTS_TIMEOUT", "PT90S"},
                       {"CAMUNDA_CLIENT_KEEP_ALIVE", "50000"},
                       {"CAMUNDA_CLIENT_CA_CERTIFICATE_PATH", "/ca.pem"},
                       {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TENANT_IDS", "a,b"}};
  const auto values = good();
  EXPECT_EQ(values.jobs.max_active, 7);
  EXPECT_FALSE(values.jobs.stream);
  EXPECT_EQ(values.jobs.activation_timeout, seconds(90));
  EXPECT_EQ(values.gateway.keep_alive, seconds(50));
  EXPECT_EQ(values.gateway.ca_file, "/ca.pem");
  EXPECT_THAT(values.jobs.tenant_ids, testing::ElementsAre("a", "b"));
  from_.environment = {{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TENANT_IDS", ""}};
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("DEFAULTS_TENANT_IDS")));
}

TEST_F(Load, SaysWhichNameOfTheGatewayMeansNothingHere) {
  for (const char* name :
       {"CAMUNDA_REST_ADDRESS", "ZEEBE_REST_ADDRESS", "ZEEBE_BROKER_CONTACTPOINT", "ZEEBE_HOST",
        "CAMUNDA_CLIENT_REST_ADDRESS", "CAMUNDA_CLIENT_CLOUD_CLUSTER_ID", "CAMUNDA_CLIENT_MODE",
        "ZEEBE_CLIENT_CLOUD_REGION", "ZEEBE_CLIENT_BROKER_CONTACT_POINT"}) {
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
  for (const char* name : {"CAMUNDA_CLIENT_AUTH_CLIENT_ID", "CAMUNDA_CLIENT_AUTH_CLIENTID",
                           "ZEEBE_CLIENT_CLOUD_CLIENT_SECRET", "camunda.client.auth.username"}) {
    from_.environment = {{name, "hush-hush"}};
    EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr(name), HasSubstr("cannot log in"),
                                                       testing::Not(HasSubstr("hush-hush")))));
  }
}

}  // namespace
}  // namespace worker::config
