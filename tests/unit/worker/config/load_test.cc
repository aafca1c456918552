#include "worker/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/utf8.h"
#include "tests/unit/worker/config/loading.h"
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

class Load : public tests::loading {};

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
  EXPECT_EQ(values.admin.timed_functions, 0U);
  EXPECT_EQ(values.secrets.of_tenants, tenant_secrets::first);
  EXPECT_THAT(values.jobs.types,
              Contains(served_type{"lambdaConnector.INVOKE", connector::operation_id::invoke}));
  EXPECT_TRUE(values.aws.log_tail);
  EXPECT_EQ(values.secrets.environment_prefix, "SECRET_");
  EXPECT_FALSE(values.secrets.in_data_any);
  EXPECT_EQ(values.log.least, connector::log::level::info);
  EXPECT_EQ(values.log.how, connector::log::format::json);
}

TEST_F(Load, IsPlaintextWithoutSchemeOnlyWhenToldSo) {
  set("ZEEBE_ADDRESS", "zeebe:26500");
  EXPECT_TRUE(good().gateway.tls);
  set("ZEEBE_INSECURE_CONNECTION", "true");
  EXPECT_FALSE(good().gateway.tls);
  set("CAMUNDA_INSECURE_CONNECTION", "false");
  EXPECT_TRUE(good().gateway.tls);
}

TEST_F(Load, SaysAllMistakesAtOnce) {
  set("ZEEBE_KEEP_ALIVE", "soon");
  set("CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE", "0");
  set("SECRETS_IN_DATA", "all");
  set("CAMUNDA_CA_CERTIFICATE_PATH_FILE", "/nowhere");
  from_.flags = {
      {"--drain-time", "32m"}, {"--log-level", "loud"}, {"--region", "a"}, {"--region", "b"}};
  EXPECT_THAT(
      issues(),
      UnorderedElementsAre(
          AllOf(HasSubstr("ZEEBE_KEEP_ALIVE (gateway.keepAlive)"), HasSubstr("'soon'"),
                HasSubstr("a duration from 1 s to 60 min")),
          AllOf(HasSubstr("MAXJOBSACTIVE"), HasSubstr("an integer from 1 to 10000")),
          AllOf(HasSubstr("SECRETS_IN_DATA (secrets.inData)"), HasSubstr("one of listed, any")),
          AllOf(HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH_FILE"), HasSubstr("/nowhere")),
          AllOf(HasSubstr("--drain-time (jobs.drainTime)"), HasSubstr("31 min")),
          AllOf(HasSubstr("--log-level (log.level)"), HasSubstr("debug")),
          AllOf(HasSubstr("--region (aws.region)"), HasSubstr("more than once"))));
}

TEST_F(Load, TakesTheByteBudgetFromTheContainer) {
  from_.here.memory_limit = 64 * 1024 * 1024;
  EXPECT_EQ(good().jobs.byte_budget, 16U * 1024 * 1024);
  set("LAMBDA_CONNECTOR_BYTE_BUDGET", "10MB");
  EXPECT_EQ(good().jobs.byte_budget, 10U * 1024 * 1024);
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

// Also with line ends as two characters, as files of variables write them.
TEST_F(Load, ShowsNothingOfAKeyThatStandsWhereAPathBelongs) {
  for (const std::string end : {"\n", "\\n"}) {
    const auto key =
        "-----BEGIN PRIVATE KEY-----" + end + "MIIkeyvalue" + end + "-----END PRIVATE KEY-----";
    from_.environment.clear();
    set("CAMUNDA_GRPC_ADDRESS", "https://gateway");
    set("CAMUNDA_MTLS_CERT_PATH", "/tls.crt");
    set("CAMUNDA_MTLS_KEY_PATH", key);
    set("LAMBDA_CONNECTOR_CLIENT_KEY", key);
    set("CAMUNDA_CLIENT_WORKER_DEFAULTS_NAME", key);
    const auto done = load(from_);
    std::string told;
    for (const auto& each : done.issues) told += describe(each) + "\n";
    for (const auto& each : done.values.shown) told += each.value + "\n";
    EXPECT_THAT(told,
                HasSubstr("CAMUNDA_MTLS_KEY_PATH (gateway.clientKey): here belongs the path"));
    EXPECT_THAT(told, HasSubstr("LAMBDA_CONNECTOR_CLIENT_KEY"));
    EXPECT_THAT(told, Not(HasSubstr("MIIkeyvalue")));
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
  EXPECT_THAT(issues(), UnorderedElementsAre(
                            AllOf(HasSubstr("the quotes around it"), Not(HasSubstr("hush-hush")))));
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
  EXPECT_THAT(load(from_).warnings, ElementsAre(AllOf(HasSubstr("CAMUNDA_CLIENT_REQUESTTIMEOUT"),
                                                      HasSubstr("500 milliseconds"))));
}

}  // namespace
}  // namespace worker::config
