#include "worker/config/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/config/load.h"
#include "worker/config/settings_listing.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class ConfigFile : public testing::Test {
 protected:
  ConfigFile() {
    from_.here.host = "pod-1";
    from_.environment["LAMBDA_CONNECTOR_CONFIG"] = "worker.yaml";
    from_.read_file = [this](const std::string& path, std::size_t most) -> connector::file_text {
      const auto it = files_.find(path);
      if (it == files_.end()) return {connector::file_text::state::missing, {}, "No such file", {}};
      if (it->second.size() > most)
        return {connector::file_text::state::too_large, {}, "too large", {}};
      return {connector::file_text::state::read, it->second, {}, {}};
    };
  }
  settings good(const std::string& yaml) {
    files_["worker.yaml"] = yaml;
    auto done = load(from_);
    for (const auto& each : done.issues) ADD_FAILURE() << describe(each);
    warnings_ = done.warnings;
    return std::move(done.values);
  }
  std::vector<std::string> issues(const std::string& yaml) {
    files_["worker.yaml"] = yaml;
    std::vector<std::string> texts;
    for (const auto& each : load(from_).issues) texts.push_back(describe(each));
    return texts;
  }

  sources from_;
  std::map<std::string, std::string> files_;
  std::vector<std::string> warnings_;
};

TEST_F(ConfigFile, GivesSettingsUnderTheKeysOfTheTable) {
  const auto values = good(
      "gateway:\n  address: http://zeebe:26500\n  keepAlive: 60s\n"
      "jobs:\n  maxActive: 7\n  stream: false\n  tenantIds: [a, b]\n"
      "aws: {region: eu-west-3}\nlog.level: error\n");
  EXPECT_EQ(values.gateway.target, "zeebe:26500");
  EXPECT_EQ(values.gateway.keep_alive, std::chrono::seconds(60));
  EXPECT_EQ(values.jobs.max_active, 7);
  EXPECT_FALSE(values.jobs.stream);
  EXPECT_THAT(values.jobs.tenant_ids, ElementsAre("a", "b"));
  EXPECT_EQ(values.aws.region, "eu-west-3");
  EXPECT_EQ(values.log.least, connector::log::level::error);
  EXPECT_EQ(values.config_file, "worker.yaml");
}

TEST_F(ConfigFile, StandsUnderFlagsAndVariablesAndOverDefaults) {
  const std::string yaml = "aws: {region: eu-west-3}\njobs: {maxActive: 7}\n";
  EXPECT_EQ(good(yaml).jobs.max_active, 7);
  from_.environment["AWS_REGION"] = "eu-west-1";
  EXPECT_EQ(good(yaml).aws.region, "eu-west-1");
  from_.flags = {{"--region", "eu-central-1"}};
  EXPECT_EQ(good(yaml).aws.region, "eu-central-1");
}

TEST_F(ConfigFile, IsNamedByFlagOverVariable) {
  files_["other.yaml"] = "jobs: {maxActive: 9}\n";
  from_.flags = {{"--config", "other.yaml"}};
  EXPECT_EQ(good("jobs: {maxActive: 7}\n").jobs.max_active, 9);
}

TEST_F(ConfigFile, IsShownAsTheSourceWithItsLine) {
  const auto values = good("jobs:\n\n  maxActive: 7\n");
  EXPECT_THAT(values.shown,
              Contains(testing::FieldsAre("jobs.maxActive", "7", "worker.yaml:3", testing::_)));
}

TEST_F(ConfigFile, TakesEveryRowOfTheTable) {
  for (const auto& spec : settings_table()) {
    const bool own_key = spec.key == "aws.accessKey" || spec.key == "aws.secretKey" ||
                         spec.key == "aws.sessionToken";
    if (spec.key == config_file_key || own_key) continue;
    file_report report("f");
    const auto key = std::string(spec.key) + (spec.secret() ? "File" : "");
    const auto file = read_config_file(key + ": x\n", report);
    EXPECT_THAT(report.issues, IsEmpty()) << spec.key;
    ASSERT_TRUE(file.settings.contains(spec.key)) << spec.key;
    EXPECT_EQ(file.settings.find(spec.key)->second.is_path, spec.secret());
  }
}

TEST_F(ConfigFile, ListsAreTakenItemByItem) {
  const auto values = good(
      "guards:\n  allowedRoleArns:\n    - arn:aws:iam::111111111111:role/a,b=c\n"
      "jobs:\n  defaultHeaders:\n    onFunctionError: fail\n    functionName: a;b\n");
  EXPECT_TRUE(values.policy.everywhere.roles->allows_role("arn:aws:iam::111111111111:role/a,b=c"));
  EXPECT_THAT(values.jobs.default_headers,
              ElementsAre(default_header{"", "onFunctionError", "fail"},
                          default_header{"", "functionName", "a;b"}));
}

TEST_F(ConfigFile, AnEmptyListAllowsNothingAndNoListIsNone) {
  EXPECT_NE(good("guards: {allowedFunctions: []}\n").policy.everywhere.functions, nullptr);
  EXPECT_NE(good("guards: {allowedFunctions: '[]'}\n").policy.everywhere.functions, nullptr);
  EXPECT_EQ(good("guards: {allowedHosts: []}\n").policy.everywhere.functions, nullptr);
  EXPECT_THAT(good("guards: {rules: []}\n").policy.rules, IsEmpty());
}

// Entries that were all commented out leave a key with nothing behind it.
TEST_F(ConfigFile, AListWithNothingBehindItsNameIsAMistake) {
  for (const auto& spec : settings_table()) {
    if (!spec.must_say()) continue;
    const auto key = std::string(spec.key);
    for (const std::string nothing : {"", " ~", " null", " ''", " ' , '", "\n  # - an entry"}) {
      const auto said = issues(key + ":" + nothing + "\n");
      ASSERT_THAT(said, SizeIs(1)) << key << nothing;
      EXPECT_THAT(said, ElementsAre(AllOf(StartsWith("worker.yaml:1 (" + key + "): it is empty: "),
                                          HasSubstr("take the line away"))));
      if (spec.type == setting_type::list && spec.bounds.least == 0) {
        EXPECT_THAT(said, ElementsAre(HasSubstr("write []"))) << key;
      }
    }
  }
  EXPECT_THAT(issues("guards:\n"), ElementsAre(HasSubstr("nothing below it")));
  EXPECT_THAT(
      issues("guards:\n  rules:\n  #  - allowedFunctions: [a]\n"),
      ElementsAre(AllOf(StartsWith("worker.yaml:2 (guards.rules)"), HasSubstr("write []"))));
  EXPECT_THAT(issues("jobs: {tenantIds: []}\n"), ElementsAre(HasSubstr("at least one")));
  EXPECT_THAT(issues("jobs: {types: []}\n"), ElementsAre(HasSubstr("at least one")));
}

TEST_F(ConfigFile, ASettingWithNothingBehindItsNameIsAMistake) {
  EXPECT_THAT(issues("aws: {logTail: }\n"),
              ElementsAre(AllOf(StartsWith("worker.yaml:1 (aws.logTail): it is empty: "),
                                HasSubstr("which means: true"))));
  files_["empty"] = " \n";
  EXPECT_THAT(issues("aws: {httpsProxyFile: empty}\n"),
              ElementsAre(AllOf(StartsWith("worker.yaml:1 (aws.httpsProxy): the file 'empty'"))));
}

TEST_F(ConfigFile, SaysEverythingThatIsWrongAtOnceWithKeyAndLine) {
  const auto said = issues(
      "gateway:\n  keepAlive: soon\n  adress: x\njobs: [1]\nprofiles:\n  a: {source: magic}\n"
      "guards:\n  rules: {}\n  allowedHosts: ['*']\nunknown: 1\n");
  EXPECT_THAT(said, SizeIs(7));
  EXPECT_THAT(
      said, Contains(AllOf(StartsWith("worker.yaml:2 (gateway.keepAlive)"), HasSubstr("'soon'"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("worker.yaml:3 (gateway.adress)"),
                                   HasSubstr("did you mean address?"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("worker.yaml:4 (jobs)"), HasSubstr("mapping"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("worker.yaml:6 (profiles.a.source)"),
                                   HasSubstr("rolesAnywhere"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("worker.yaml:8 (guards.rules)"), HasSubstr("list"))));
  EXPECT_THAT(said, Contains(AllOf(StartsWith("worker.yaml:9 (guards.allowedHosts)"),
                                   HasSubstr("not for every host"))));
  EXPECT_THAT(said, Contains(StartsWith("worker.yaml:10 (unknown): there is no such key")));
}

TEST_F(ConfigFile, HoldsNoSecrets) {
  EXPECT_THAT(issues("aws: {secretKey: hunter2}\n"),
              ElementsAre(AllOf(StartsWith("worker.yaml:1 (aws.secretKey)"),
                                HasSubstr("profile below 'profiles'"),
                                testing::Not(HasSubstr("hunter2")))));
}

TEST_F(ConfigFile, NamesNoOtherFileAndStandsOnce) {
  EXPECT_THAT(issues("config: {file: other.yaml}\n"), ElementsAre(HasSubstr("names no other")));
  EXPECT_THAT(issues("jobs.maxActive: 1\njobs: {maxActive: 2}\n"),
              ElementsAre(AllOf(StartsWith("worker.yaml:2"), HasSubstr("first in line 1"))));
  EXPECT_THAT(issues("guards.rules: [{deny: true}]\nguards: {rules: [{allowedFunctions: [a]}]}\n"),
              Contains(AllOf(StartsWith("worker.yaml:2 (guards.rules)"), HasSubstr("line 1"))));
  EXPECT_THAT(issues("jobs: {maxActive: 1}\njobs: {stream: true}\n"),
              ElementsAre(HasSubstr("'jobs' stands twice, first in line 1")));
}

TEST_F(ConfigFile, ThatCannotBeReadIsAMistake) {
  from_.environment["LAMBDA_CONNECTOR_CONFIG"] = "nowhere.yaml";
  EXPECT_THAT(issues(""),
              ElementsAre(AllOf(StartsWith("LAMBDA_CONNECTOR_CONFIG (config.file)"),
                                HasSubstr("'nowhere.yaml'"), HasSubstr("No such file"))));
  from_.environment["LAMBDA_CONNECTOR_CONFIG"] = "worker.yaml";
  EXPECT_THAT(issues(std::string(300 * 1024, '#')), ElementsAre(HasSubstr("too large")));
  EXPECT_THAT(issues("a: [\n"), Contains(HasSubstr("this is no YAML")));
  EXPECT_THAT(issues("- a\n- b\n"), ElementsAre(HasSubstr("must be a mapping")));
}

// Its lists may all have been in it.
TEST_F(ConfigFile, WithNothingInItIsAMistake) {
  for (const std::string nothing :
       {"", "\n", " \r\n", "# guards:\n", "---\n", "---\n...\n", "null\n", "~", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(issues(nothing), ElementsAre(HasSubstr("there is nothing in it"))) << nothing;
  }
  EXPECT_THAT(issues("{}\n"), IsEmpty());
}

TEST_F(ConfigFile, OwnEndpointsAndFipsOrDualStackContradict) {
  from_.environment["AWS_USE_FIPS_ENDPOINT"] = "true";
  EXPECT_THAT(issues("aws: {dualStack: true, stsEndpoint: 'https://sts.internal'}\n"),
              testing::UnorderedElementsAre(StartsWith("AWS_USE_FIPS_ENDPOINT (aws.fips)"),
                                            StartsWith("worker.yaml:1 (aws.dualStack)")));
  EXPECT_THAT(issues("aws: {dualStack: true}\n"), IsEmpty());
  EXPECT_THAT(issues("aws: {endpoint: 'https://x', ignoreEndpoints: true}\n"), IsEmpty());
}

TEST_F(ConfigFile, ProfilesAndRulesArePrintedWithListsAndLines) {
  const auto text = text_of(
      good("profiles:\n  a:\n    source: worker\n"
           "    assumeRole: {roleArn: 'arn:aws:iam::111111111111:role/z', externalId: hush}\n"
           "  b: {source: profile, profile: a}\n"
           "guards:\n  rules:\n    - {processes: [p, q-*], allowedSecrets: [A, B_*]}\n"
           "    - {requireSecretReferences: true}\n"));
  EXPECT_THAT(text, HasSubstr("profiles.a = source worker, then the role "
                              "arn:aws:iam::111111111111:role/z  (worker.yaml:2)\n"));
  EXPECT_THAT(text, HasSubstr("profiles.b = source profile a  (worker.yaml:5)\n"));
  EXPECT_THAT(text, HasSubstr("guards.rules[1] = processes p q-*, allowedSecrets [A B_*]  "
                              "(worker.yaml:8)\n"));
  EXPECT_THAT(text, HasSubstr("guards.rules[2] = every job, requireSecretReferences  "
                              "(worker.yaml:9)\n"));
  EXPECT_EQ(text.find("hush"), std::string::npos);
}

TEST_F(ConfigFile, ProfilesOfListsThatExistNowhereAreWarnedOf) {
  good(
      "guards:\n  allowedProfiles: [billing, bilings, old, 'team-*']\n  rules:\n"
      "    - {processes: [p], allowedProfiles: [billing, other]}\n"
      "profiles:\n  billing: {source: worker}\n");
  EXPECT_THAT(warnings_, ElementsAre(AllOf(StartsWith("ALLOWED_PROFILES: "),
                                           HasSubstr("no credential profile 'bilings', 'old',")),
                                     AllOf(StartsWith("guards.rules[1].allowedProfiles: "),
                                           HasSubstr("no credential profile 'other',")),
                                     HasSubstr("the rule can never allow 'other'")));
}

TEST_F(ConfigFile, TheOperatorsRoleIsASettingLikeTheOthers) {
  const auto values = good(
      "aws:\n  assumeRoleArn: arn:aws:iam::111111111111:role/z\n"
      "  assumeRoleExternalId: x-1\n  assumeRoleDuration: 30m\n");
  EXPECT_EQ(values.aws.role.role_arn, "arn:aws:iam::111111111111:role/z");
  EXPECT_EQ(values.aws.role.external_id, "x-1");
  EXPECT_EQ(values.aws.role.duration, std::chrono::minutes(30));
  EXPECT_THAT(issues("aws: {assumeRoleArn: 'arn:aws:iam::111111111111:user/z'}\n"),
              ElementsAre(HasSubstr("It must be the ARN of a role")));
  EXPECT_THAT(issues("aws: {assumeRoleExternalId: x-1}\n"),
              ElementsAre(HasSubstr("LAMBDA_CONNECTOR_ASSUME_ROLE_ARN")));
  EXPECT_THAT(issues("aws: {assumeRoleDuration: 13h}\n"), SizeIs(Ge(1U)));
}

TEST_F(ConfigFile, RulesForTenantsThatAreNotServedAreWarnedOf) {
  const std::string rules = "guards: {rules: [{tenants: [acme, 'a*'], allowedFunctions: [a]}]}\n";
  good(rules);
  EXPECT_THAT(warnings_, ElementsAre(AllOf(StartsWith("guards.rules[1].tenants: 'acme'"),
                                           HasSubstr("no tenant that is served")),
                                     HasSubstr("'a*'")));
  good("jobs: {tenantIds: [acme]}\n" + rules);
  EXPECT_THAT(warnings_, IsEmpty());
  good("guards: {rules: [{tenants: ['<default>'], allowedFunctions: [a]}]}\n");
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(ConfigFile, MisspeltJobTypesOfRulesAreWarnedOf) {
  good("guards:\n  rules:\n    - {jobTypes: [lambdaConnector.INVOK], allowedFunctions: [a]}\n");
  EXPECT_THAT(warnings_, Contains(HasSubstr("'lambdaConnector.INVOK' is no job type")));
  good("guards:\n  rules:\n    - {jobTypes: ['lambdaConnector.*'], allowedFunctions: [a]}\n");
  EXPECT_THAT(warnings_, IsEmpty());
}

}  // namespace
}  // namespace worker::config
