#include "worker/config/setting_texts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/job_lists.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class SettingTexts : public tests::loading {};

TEST_F(SettingTexts, TakesTheFlagOverTheEnvironmentOverTheDefault) {
  set("AWS_REGION", "eu-west-1");
  EXPECT_EQ(good().aws.region, "eu-west-1");
  from_.flags = {{"--region", "eu-central-1"}};
  EXPECT_EQ(good().aws.region, "eu-central-1");
}

TEST_F(SettingTexts, TakesTheFirstOfSeveralVariables) {
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

TEST_F(SettingTexts, ReadsEveryVariableFromAFile) {
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

TEST_F(SettingTexts, RefusesAVariableThatIsAlsoAFile) {
  files_["/run/region"] = "eu-west-3";
  set("AWS_REGION_FILE", "/run/region");
  set("AWS_REGION", "eu-west-1");
  EXPECT_THAT(issues(),
              UnorderedElementsAre(AllOf(HasSubstr("AWS_REGION"), HasSubstr("both set"))));
}

// Every list of the table, and all that the guards are told: by each way in.
TEST_F(SettingTexts, NoListIsOpenBecauseItsValueIsEmpty) {
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

TEST_F(SettingTexts, AListIsClosedByBracketsWithNothingInThem) {
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

TEST_F(SettingTexts, BracketsStandForAnEmptyListAlone) {
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
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("at least one"), HasSubstr("at least one")));
}

// With both set the list is the one that holds something.
TEST_F(SettingTexts, AnEmptyListBesideAnotherNameOfItIsStillAMistake) {
  set("CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS", "");
  set("ZEEBE_DEFAULT_JOB_WORKER_TENANT_IDS", "acme");
  EXPECT_THAT(issues(), UnorderedElementsAre(HasSubstr("CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS")));
}

TEST_F(SettingTexts, AFileThatIsEmptyIsNoValue) {
  files_["/run/region"] = "\n";
  set("AWS_REGION_FILE", "/run/region");
  EXPECT_THAT(issues(), UnorderedElementsAre(AllOf(HasSubstr("AWS_REGION_FILE"),
                                                   HasSubstr("'/run/region' is empty"))));
}

TEST_F(SettingTexts, JoinsListsOfSeveralFlags) {
  from_.flags = {{"--tenant-ids", "a,b"},
                 {"--tenant-ids", "c"},
                 {"--default-header", "onError=complete"},
                 {"--default-header", "bpmnErrors=A,B"}};
  const auto values = good();
  EXPECT_THAT(values.jobs.tenant_ids, testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(default_headers_of(values.jobs, "any"),
            (std::map<std::string, std::string>{{"onError", "complete"}, {"bpmnErrors", "A,B"}}));
}

TEST_F(SettingTexts, TakesTheSpringRuntimesNamesInEachOfTheirSpellings) {
  for (const char* name :
       {"CAMUNDA_CLIENT_GRPCADDRESS", "CAMUNDA_CLIENT_GRPC_ADDRESS", "CAMUNDA_CLIENT_GRPC-ADDRESS",
        "camunda.client.grpc-address", "CAMUNDA_CLIENT_ZEEBE_GRPCADDRESS",
        "CAMUNDA_CLIENT_ZEEBE_GRPC_ADDRESS", "ZEEBE_CLIENT_BROKER_GATEWAY_ADDRESS",
        "ZEEBE_CLIENT_BROKER_GATEWAYADDRESS", "ZEEBE_CLIENT_BROKER_GATEWAY-ADDRESS",
        "ZEEBE_CLIENT_BROKER_GRPC_ADDRESS"}) {
    from_.environment = {{name, "http://zeebe:1"}};
    const auto values = good();
    EXPECT_EQ(values.gateway.target, "zeebe:1") << name;
    EXPECT_THAT(values.shown, Contains(testing::FieldsAre("gateway.address", "http://zeebe:1", name,
                                                          testing::_)));
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

}  // namespace
}  // namespace worker::config
