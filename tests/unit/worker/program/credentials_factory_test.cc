// From settings to credentials: what the shared files add, and the profiles of the configuration.
#include "worker/program/credentials_factory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "tests/unit/worker/program/credentials_factory_fixture.h"

namespace worker::program {
namespace {

using testing::HasSubstr;

TEST(SharedSettings, FillOnlySettingsThatAreNotSet) {
  const tests::temporary_folder folder;
  folder.write("config",
               "[default]\nregion = eu-west-1\nuse_fips_endpoint = true\nservices = s\n"
               "sts_regional_endpoints = legacy\nca_bundle = /roots.pem\n"
               "endpoint_url = http://all\n[services s]\nsts =\n  endpoint_url = http://sts\n");
  config::aws_settings settings;
  settings.variables.emplace("AWS_CONFIG_FILE", secret_string(folder.at("config")));
  aws::shared_files files(variables_of(settings));
  const auto filled = with_shared_files(settings, files);
  EXPECT_EQ(filled.region, "eu-west-1");
  EXPECT_EQ(filled.fips, true);
  EXPECT_EQ(filled.dual_stack, std::nullopt);
  EXPECT_EQ(filled.legacy_sts, true);
  EXPECT_EQ(filled.ca_bundle, "/roots.pem");
  EXPECT_EQ(filled.lambda_endpoint, "http://all");
  EXPECT_EQ(filled.sts_endpoint, "http://sts");

  settings.region = "us-east-1";
  settings.fips = false;
  settings.endpoint = "http://mine";
  const auto own = with_shared_files(settings, files);
  EXPECT_EQ(own.region, "us-east-1");
  EXPECT_EQ(own.fips, false);
  // A variable for all services counts before the files' endpoint for one.
  EXPECT_EQ(own.sts_endpoint, "");
  settings.endpoint = "";
  settings.ignore_endpoints = true;
  EXPECT_EQ(with_shared_files(settings, files).sts_endpoint, "");
}

TEST(SharedSettings, AttemptsAndApplicationIdAreTheVariablesBeforeTheFiles) {
  const tests::temporary_folder folder;
  folder.write("config", "[profile shop]\nmax_attempts = 2\nsdk_ua_app_id = of-the-file\n");
  config::aws_settings settings;
  settings.variables.emplace("AWS_CONFIG_FILE", secret_string(folder.at("config")));
  settings.variables.emplace("AWS_PROFILE", secret_string("shop"));
  aws::shared_files files(variables_of(settings));
  const auto filled = with_shared_files(settings, files);
  EXPECT_EQ(filled.max_attempts, 2);
  EXPECT_EQ(filled.app_id, "of-the-file");
  EXPECT_THAT(warnings_of_shared_files(settings, files), testing::IsEmpty());
  settings.max_attempts = 3;
  settings.app_id = "of-the-variable";
  const auto own = with_shared_files(settings, files);
  EXPECT_EQ(own.max_attempts, 3);
  EXPECT_EQ(own.app_id, "of-the-variable");
}

TEST(SharedSettings, WhatHasNoEffectOrIsNoValueIsNamed) {
  const tests::temporary_folder folder;
  folder.write("config",
               "[default]\nmax_attempts = lots\nretry_mode = legacy\nsdk_ua_app_id = a b\n"
               "imds_use_ipv6 = true\ndefaults_mode = standard\noutput = json\n");
  config::aws_settings settings;
  settings.variables.emplace("AWS_CONFIG_FILE", secret_string(folder.at("config")));
  aws::shared_files files(variables_of(settings));
  const std::string where = " of the profile default in the shared files of the AWS tools";
  EXPECT_EQ(with_shared_files(settings, files).max_attempts, std::nullopt);
  EXPECT_THAT(
      warnings_of_shared_files(settings, files),
      testing::ElementsAre(HasSubstr("retry_mode" + where), HasSubstr("imds_use_ipv6" + where),
                           HasSubstr("sdk_ua_app_id" + where + " is sent as 'a-b'"),
                           HasSubstr("max_attempts" + where + " is no number")));
  // The variable counts, and has been looked at.
  settings.variables.emplace("AWS_RETRY_MODE", secret_string("standard"));
  settings.variables.emplace("AWS_IMDS_USE_IPV6", secret_string("false"));
  settings.app_id = "shop";
  settings.max_attempts = 1;
  EXPECT_THAT(warnings_of_shared_files(settings, files), testing::IsEmpty());
}

TEST_F(CredentialsFactory, GiveTheWorkersOwnAndRolesOnTop) {
  profile("own", from::worker);
  auto& outer = profile("outer", from::profile);
  outer.other = "inner";
  outer.assume = config::role_to_assume{std::string(role) + "2", "", "", {}, {{"team", "a"}}};
  auto& inner = profile("inner", from::worker);
  inner.assume = config::role_to_assume{std::string(role) + "1", "ext", "", {}, {}};
  EXPECT_EQ(get(""), key.id);
  EXPECT_EQ(get("own"), key.id);
  EXPECT_EQ(get("outer"), "ASIASTS2");
  ASSERT_EQ(sts_.count(), 2U);
  EXPECT_EQ(sts_.calls()[0].fields.at("ExternalId"), "ext");
  EXPECT_EQ(sts_.calls()[0].fields.at("RoleSessionName"), "tester");
  EXPECT_EQ(sts_.calls()[1].access_key_id, "ASIASTS1");
  EXPECT_EQ(sts_.calls()[1].fields.at("Tags.member.1.Key"), "team");
  EXPECT_EQ(get("inner"), "ASIASTS1");
  EXPECT_EQ(sts_.count(), 2U);
}

// The operator's role stands on top of the chain, below everything that a task asks for.
TEST_F(CredentialsFactory, TakeOverTheOperatorsRoleForEverything) {
  aws_.role = {std::string(role) + "1", "ext", "session", std::chrono::seconds(1800), {}};
  profile("own", from::worker);
  auto& outer = profile("outer", from::worker);
  outer.assume = config::role_to_assume{std::string(role) + "2", "", "", {}, {}};
  EXPECT_EQ(get(""), "ASIASTS1");
  ASSERT_EQ(sts_.count(), 1U);
  const auto asked = sts_.calls()[0];
  EXPECT_EQ(asked.access_key_id, key.id);
  EXPECT_EQ(asked.fields.at("RoleArn"), std::string(role) + "1");
  EXPECT_EQ(asked.fields.at("ExternalId"), "ext");
  EXPECT_EQ(asked.fields.at("RoleSessionName"), "session");
  EXPECT_EQ(asked.fields.at("DurationSeconds"), "1800");
  EXPECT_EQ(factory_->provider().describe(),
            std::string("role ") + role + "1, with environment (AWS_*)");
  EXPECT_EQ(get("own"), "ASIASTS1");
  EXPECT_EQ(get("outer"), "ASIASTS2");
  EXPECT_EQ(sts_.count(), 2U);
  EXPECT_EQ(sts_.calls()[1].access_key_id, "ASIASTS1");
}

TEST_F(CredentialsFactory, RefuseARoleThatStsWouldRefuse) {
  aws_.role.role_arn = role;
  aws_.role.session_name = "not a name";
  EXPECT_THROW(get(""), std::runtime_error);
}

TEST_F(CredentialsFactory, TakeKeysFromSecretsAndFiles) {
  auto& billing = profile("billing", from::keys);
  billing.access_key_id = "AKIDBILLING";
  billing.secret_access_key.secret = "BILLING";
  auto& file = profile("file", from::keys);
  file.access_key_id = "AKIDFILE";
  file.secret_access_key.file = folder_.at("key");
  auto& missing = profile("missing", from::keys);
  missing.access_key_id = "AKIDMISSING";
  missing.secret_access_key.secret = "OTHER";
  EXPECT_EQ(get("billing"), "AKIDBILLING");
  EXPECT_THAT(get("file"), HasSubstr("cannot be read"));
  EXPECT_EQ(get("missing"), "The secret OTHER is in no source.");
}

TEST_F(CredentialsFactory, KeysOfProfilesAreKnownToRedaction) {
  folder_.write("key", "hidden-in-a-file");
  auto& billing = profile("billing", from::keys);
  billing.access_key_id = "AKIDBILLING";
  billing.secret_access_key.secret = "BILLING";
  billing.session_token.file = folder_.at("key");
  auto& certificate = profile("certificate", from::roles_anywhere);
  certificate.certificate_file = folder_.at("none");
  certificate.private_key.secret = "PRIVATE";
  EXPECT_EQ(get("billing"), "AKIDBILLING");
  EXPECT_EQ(known_.mask("hidden, hidden-in-a-file"), "***, ***");
  // The keys are in use, so they stay known whatever tasks bring.
  for (std::size_t i = 0; i < most_known + 10; ++i) {
    known_.add(secret_string(std::to_string(100'000 + i) + "-of-a-task"));
  }
  EXPECT_EQ(known_.mask("hidden, hidden-in-a-file"), "***, ***");
}

// Keys that were not given to the worker: those of STS, and those that the shared files ask STS
// with.
TEST_F(CredentialsFactory, KeysThatAreFetchedAreKnownToRedactionAsTheWorkersOwn) {
  folder_.write(
      "credentials",
      "[base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = hidden/in/the/files\n"
      "[shared]\nrole_arn = " +
          std::string(role) + "\nsource_profile = base\n");
  set("AWS_SHARED_CREDENTIALS_FILE", folder_.at("credentials"));
  profile("shared", from::shared_profile).other = "shared";
  sandbox::access_key base;
  base.id = "AKIDBASE";
  base.secret = "hidden/in/the/files";
  sts_.set_keys({base});
  EXPECT_EQ(get("shared"), "ASIASTS1");
  EXPECT_EQ(known_.for_job({})->mask(
                "<hidden/in/the/files> <sandbox/sts/secret/1> <sandbox+sts/token&1==>"),
            "<***> <***> <***>");
}

TEST_F(CredentialsFactory, ReachEveryOtherSource) {
  folder_.write("credentials", "[b]\naws_access_key_id = AKIDSHARED\naws_secret_access_key = x\n");
  folder_.write("keys", R"({"Version":1,"AccessKeyId":"AKIDPROC","SecretAccessKey":"x"})");
  folder_.write("token", "sandbox-web-identity-token");
  set("AWS_SHARED_CREDENTIALS_FILE", folder_.at("credentials"));
  set("AWS_EC2_METADATA_DISABLED", "true");
  profile("shared", from::shared_profile).other = "b";
  profile("process", from::process).command = "cat " + folder_.at("keys");
  profile("environment", from::environment);
  auto& web = profile("web", from::web_identity);
  web.role_arn = role;
  web.token_file = folder_.at("token");
  profile("container", from::container);
  profile("instance", from::metadata);
  auto& certificate = profile("certificate", from::roles_anywhere);
  certificate.certificate_file = folder_.at("none");
  EXPECT_EQ(get("shared"), "AKIDSHARED");
  EXPECT_EQ(get("process"), "AKIDPROC");
  EXPECT_EQ(get("environment"), key.id);
  EXPECT_EQ(get("web"), "ASIASTS1");
  EXPECT_THAT(get("container"), HasSubstr("AWS_CONTAINER_CREDENTIALS"));
  EXPECT_THAT(get("instance"), HasSubstr("AWS_EC2_METADATA_DISABLED"));
  EXPECT_NE(get("certificate"), "(no end)");
  EXPECT_THAT(get("unknown"), HasSubstr("no credential profile"));
}

}  // namespace
}  // namespace worker::program
