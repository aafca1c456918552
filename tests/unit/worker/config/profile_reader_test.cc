#include "worker/config/profile_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::config {
namespace {

using source = credential_profile::source;
using std::chrono::seconds;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

std::vector<credential_profile> read_profiles(std::string_view yaml, file_report& report) {
  const auto document = read_yaml(yaml);
  EXPECT_THAT(document.issues, IsEmpty());
  return read_credential_profiles(document.root, "profiles", report);
}

std::vector<credential_profile> good(std::string_view yaml) {
  file_report report("f");
  auto all = read_profiles(yaml, report);
  for (const auto& each : report.issues) ADD_FAILURE() << describe(each);
  return all;
}

std::vector<std::string> issues(std::string_view yaml) {
  file_report report("f");
  read_profiles(yaml, report);
  std::vector<std::string> texts;
  for (const auto& each : report.issues) texts.push_back(describe(each));
  return texts;
}

TEST(CredentialProfiles, NameARegionOfTheRightShape) {
  file_report report("f");
  const auto document = read_yaml("a: {source: worker, region: US-EAST-1}\n");
  read_credential_profiles(document.root, "profiles", report);
  ASSERT_EQ(report.issues.size(), 1U);
  EXPECT_NE(describe(report.issues.front()).find("profiles.a.region): it must be us-east-1"),
            std::string::npos);
}

TEST(CredentialProfiles, OfKeysRefersToSecretsOrFiles) {
  const auto all = good(
      "a: {source: keys, accessKeyId: AKIA1, secretAccessKey: '{{secrets.A_KEY}}'}\n"
      "b:\n  source: keys\n  accessKeyId: AKIA2\n  secretAccessKeyFile: /run/key\n"
      "  sessionToken: secrets.TOKEN\n");
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_EQ(all[0].name, "a");
  EXPECT_EQ(all[0].from, source::keys);
  EXPECT_EQ(all[0].access_key_id, "AKIA1");
  EXPECT_EQ(all[0].secret_access_key, (key_place{"A_KEY", ""}));
  EXPECT_TRUE(all[0].session_token.empty());
  EXPECT_EQ(all[1].secret_access_key, (key_place{"", "/run/key"}));
  EXPECT_EQ(all[1].session_token, (key_place{"TOKEN", ""}));
  EXPECT_EQ(all[1].line, 2);
  EXPECT_THAT(secrets_of(all), ElementsAre("A_KEY", "TOKEN"));
}

TEST(CredentialProfiles, NeverShowOrTakeAKeyInClear) {
  const auto said = issues("a: {source: keys, accessKeyId: AKIA1, secretAccessKey: hunter2}\n");
  EXPECT_THAT(said, ElementsAre(AllOf(HasSubstr("f:1 (profiles.a.secretAccessKey)"),
                                      HasSubstr("{{secrets.NAME}}"), Not(HasSubstr("hunter2")))));
  EXPECT_THAT(issues("a: {source: keys, accessKeyId: A, secretAccessKey: 'x{{secrets.A}}'}\n"),
              SizeIs(1));
}

TEST(CredentialProfiles, OfRolesAnywhereHaveAllTheirFields) {
  const auto all = good(
      "onprem:\n  source: rolesAnywhere\n  region: eu-central-1\n"
      "  certificateFile: /etc/c.pem\n  chainFile: /etc/chain.pem\n  privateKeyFile: /etc/k.pem\n"
      "  passphrase: '{{ secrets.PASS }}'\n"
      "  trustAnchorArn: arn:aws:rolesanywhere:eu-central-1:111111111111:trust-anchor/x\n"
      "  profileArn: arn:aws:rolesanywhere:eu-central-1:111111111111:profile/y\n"
      "  roleArn: arn:aws:iam::111111111111:role/z\n  sessionName: s\n  duration: 30m\n");
  ASSERT_THAT(all, SizeIs(1));
  const auto& one = all.front();
  EXPECT_EQ(one.from, source::roles_anywhere);
  EXPECT_EQ(one.region, "eu-central-1");
  EXPECT_EQ(one.certificate_file, "/etc/c.pem");
  EXPECT_EQ(one.chain_file, "/etc/chain.pem");
  EXPECT_EQ(one.private_key.file, "/etc/k.pem");
  EXPECT_EQ(one.passphrase.secret, "PASS");
  EXPECT_EQ(one.duration, seconds(1800));
  EXPECT_EQ(one.session_name, "s");
}

TEST(CredentialProfiles, MayTakeOverARoleFromAnySource) {
  const auto all = good(
      "a:\n  source: worker\n  assumeRole:\n    roleArn: arn:aws:iam::111111111111:role/z\n"
      "    externalId: e\n    sessionName: s\n    duration: 1h\n    sessionTags: {team: x}\n"
      "b: {source: profile, profile: a}\n");
  ASSERT_TRUE(all[0].assume);
  EXPECT_EQ(*all[0].assume,
            (role_to_assume{
                "arn:aws:iam::111111111111:role/z", "e", "s", seconds(3600), {{"team", "x"}}}));
  EXPECT_FALSE(all[1].assume);
  EXPECT_EQ(all[1].other, "a");
}

TEST(CredentialProfiles, KnowEverySource) {
  const auto all = good(
      "a: {source: environment}\nb: {source: container}\nc: {source: instanceMetadata}\n"
      "d: {source: webIdentity}\ne: {source: sharedProfile, profile: x}\n"
      "f: {source: process, command: /usr/bin/helper --x}\n"
      "g: {source: webIdentity, tokenFile: /t, roleArn: 'arn:aws:iam::111111111111:role/z'}\n");
  ASSERT_THAT(all, SizeIs(7));
  EXPECT_EQ(all[5].command, "/usr/bin/helper --x");
  EXPECT_EQ(all[6].token_file, "/t");
  EXPECT_EQ(name_of(all[2].from), "instanceMetadata");
}

TEST(CredentialProfiles, SayWhatIsMissingWrongOrElsewhere) {
  EXPECT_THAT(issues("a: {source: keys}\n"),
              ElementsAre(HasSubstr("accessKeyId): it is missing"),
                          HasSubstr("secretAccessKey): it is missing")));
  EXPECT_THAT(issues("a: {}\n"), ElementsAre(HasSubstr("profiles.a.source): it is missing")));
  EXPECT_THAT(issues("a: {source: roleAnywhere}\n"), ElementsAre(HasSubstr("one of worker")));
  EXPECT_THAT(issues("a: {source: worker, certificateFile: x}\n"),
              ElementsAre(HasSubstr("belongs to source: rolesAnywhere, and this one is worker")));
  EXPECT_THAT(issues("a: {source: process, comand: x, command: y}\n"),
              ElementsAre(HasSubstr("did you mean command?")));
  EXPECT_THAT(issues("a: {source: worker, assumeRole: {roleArn: admin}}\n"),
              ElementsAre(HasSubstr("ARN")));
  EXPECT_THAT(issues("a: {source: worker, assumeRole: {duration: 5m, roleArn: "
                     "'arn:aws:iam::111111111111:role/z'}}\n"),
              ElementsAre(HasSubstr("from 15 min to")));
  EXPECT_THAT(issues("'a b': {source: worker}\n"), ElementsAre(HasSubstr("name")));
  EXPECT_THAT(issues("a: [worker]\n"), Contains(HasSubstr("must be a mapping")));
  EXPECT_THAT(issues("a: {source: webIdentity, tokenFile: /t}\n"),
              ElementsAre(HasSubstr("roleArn): it is missing")));
  EXPECT_THAT(issues("a: {source: keys, accessKeyId: A, secretAccessKey: secrets.X, "
                     "secretAccessKeyFile: /x}\n"),
              ElementsAre(HasSubstr("both set")));
}

TEST(CredentialProfiles, ThatReferToEachOtherMustEnd) {
  EXPECT_THAT(issues("a: {source: profile, profile: b}\nb: {source: profile, profile: a}\n"),
              ElementsAre(HasSubstr("circle"), HasSubstr("circle")));
  EXPECT_THAT(issues("a: {source: profile, profile: a}\n"), ElementsAre(HasSubstr("circle")));
  EXPECT_THAT(issues("billing: {source: worker}\na: {source: profile, profile: biling}\n"),
              ElementsAre(HasSubstr("did you mean billing?")));
}

TEST(CredentialProfiles, AreFoundByName) {
  const auto all = good("a: {source: worker}\n");
  EXPECT_EQ(find_profile(all, "a"), all.data());
  EXPECT_EQ(find_profile(all, "b"), nullptr);
}

}  // namespace
}  // namespace worker::config
