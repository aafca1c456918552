// What a profile means, and what is wrong with it.
#include "connector/aws/credentials/shared_config/profile_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace connector::aws {
namespace {

using base = profile_plan::base;
using testing::AllOf;
using testing::HasSubstr;

constexpr auto role = "arn:aws:iam::123456789012:role/";

planned plan(const std::string& text, const std::string& name = "p", bool asked_for = true) {
  profile_files made;
  const auto read = read_profile_file(text, "/c", profile_file_kind::config, made);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return plan_profile(made, name, asked_for);
}

std::string plan_complaint(const std::string& text, const std::string& name = "p") {
  const auto made = plan(text, name);
  if (made) return "(none)";
  EXPECT_EQ(made.error().reason, source_failure::kind::rejected);
  return made.error().message;
}

std::string with_role(const std::string& name, const std::string& rest) {
  return "[profile " + name + "]\nrole_arn=" + role + name + "\n" + rest + "\n";
}

constexpr auto keys = "[profile k]\naws_access_key_id=AKID\naws_secret_access_key=secret\n";

TEST(ProfilePlan, BeginsWithKeys) {
  const auto made = plan(keys, "k");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->from, base::keys);
  EXPECT_EQ(made->keys.access_key_id, "AKID");
  EXPECT_EQ(made->keys.source, "shared files, profile k (/c)");
  EXPECT_TRUE(made->roles.empty());
}

TEST(ProfilePlan, TakesRolesOverFromTheInnermost) {
  const auto made = plan(with_role("p",
                                   "source_profile=q\nexternal_id=e:1\nduration_seconds=900\n"
                                   "role_session_name=me") +
                         with_role("q", "source_profile=k") + keys);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->roles.size(), 2U);
  EXPECT_EQ(made->roles[0].role.role_arn, std::string(role) + "q");
  EXPECT_EQ(made->roles[1].role.role_arn, std::string(role) + "p");
  EXPECT_EQ(made->roles[1].role.external_id, "e:1");
  EXPECT_EQ(made->roles[1].role.duration_seconds, 900);
  EXPECT_EQ(made->roles[1].role.session_name, "me");
  EXPECT_EQ(made->keys.access_key_id, "AKID");
}

TEST(ProfilePlan, StopsAtKeysInASourceProfileButNotInTheFirst) {
  const auto own =
      plan(with_role("p", "source_profile=p\naws_access_key_id=AKID\naws_secret_access_key=s"));
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->roles.size(), 1U);
  EXPECT_EQ(own->keys.access_key_id, "AKID");
  const auto further =
      plan(with_role("p", "source_profile=q") +
           with_role("q", "source_profile=p\naws_access_key_id=AKID\naws_secret_access_key=s"));
  ASSERT_TRUE(further) << further.error().message;
  EXPECT_EQ(further->roles.size(), 1U);
}

TEST(ProfilePlan, KnowsEveryOtherBeginning) {
  EXPECT_EQ(plan(with_role("p", "credential_source=Environment"))->from, base::environment);
  EXPECT_EQ(plan(with_role("p", "credential_source=EcsContainer"))->from, base::container);
  EXPECT_EQ(plan(with_role("p", "credential_source=Ec2InstanceMetadata"))->from, base::imds);
  const auto web = plan(with_role("p", "web_identity_token_file=/t"));
  EXPECT_EQ(web->from, base::web_identity);
  EXPECT_EQ(web->token_file, "/t");
  EXPECT_TRUE(web->roles.empty());
  const auto process =
      plan(with_role("p", "source_profile=q") + "[profile q]\ncredential_process = /bin/x 'a b'\n");
  EXPECT_EQ(process->from, base::process);
  EXPECT_EQ(process->command.reveal(), "/bin/x 'a b'");
  EXPECT_EQ(process->at.line, 5);
  EXPECT_EQ(process->roles.size(), 1U);
}

TEST(ProfilePlan, FindsCircles) {
  EXPECT_EQ(plan_complaint(with_role("p", "source_profile=q") + with_role("q", "source_profile=r") +
                           with_role("r", "source_profile=q")),
            "Profile 'r' (/c line 9): source_profile goes round in a circle back to 'q'.");
  EXPECT_EQ(
      plan_complaint(with_role("p", "source_profile=p")),
      "Profile 'p' (/c line 3): it names itself as source_profile and has no keys of its own.");
  std::string all;
  for (int i = 0; i < 30; ++i) {
    all += with_role("p" + std::to_string(i), "source_profile=p" + std::to_string(i + 1));
  }
  EXPECT_THAT(plan_complaint(all, "p0"), HasSubstr("more than 10 roles"));
}

TEST(ProfilePlan, SaysWhatIsWrongWhere) {
  EXPECT_EQ(plan_complaint(with_role("p", "source_profile=none")),
            "Profile 'p' (/c line 3): source_profile names 'none', which is in neither file.");
  EXPECT_THAT(plan_complaint(with_role("p", "")), HasSubstr("line 2): role_arn needs one of"));
  EXPECT_THAT(
      plan_complaint(with_role("p", "source_profile=k\ncredential_source=Environment") + keys),
      HasSubstr("only one"));
  EXPECT_THAT(
      plan_complaint(with_role("p", "source_profile=k\nmfa_serial=arn:aws:iam::1:mfa/x") + keys),
      AllOf(HasSubstr("line 4"), HasSubstr("mfa_serial"), HasSubstr("server")));
  EXPECT_THAT(plan_complaint("[profile p]\nsso_session=x\n"),
              AllOf(HasSubstr("sso_session"), HasSubstr("Roles Anywhere")));
  EXPECT_THAT(plan_complaint("[profile p]\nregion=x\n"), HasSubstr("no credentials"));
  EXPECT_THAT(plan_complaint("[profile p]\nsource_profile=x\n"), HasSubstr("needs role_arn"));
  EXPECT_THAT(plan_complaint("[profile p]\nweb_identity_token_file=x\n"),
              HasSubstr("needs role_arn"));
  EXPECT_THAT(plan_complaint("[profile p]\naws_access_key_id=AKID\n"),
              HasSubstr("aws_secret_access_key is missing beside aws_access_key_id"));
  EXPECT_THAT(plan_complaint(with_role("p", "credential_source=Other")),
              HasSubstr("Ec2InstanceMetadata"));
  EXPECT_THAT(plan_complaint("[profile p]\nrole_arn=x\nsource_profile=k\n"),
              HasSubstr("line 2): role_arn must be like arn:"));
  for (const auto* wrong : {"10", "0", "x", "3600s", "99999999999"}) {
    EXPECT_THAT(
        plan_complaint(with_role("p", std::string("source_profile=k\nduration_seconds=") + wrong) +
                       keys),
        HasSubstr("line 4): duration_seconds must be 900 to 43200"));
  }
  EXPECT_THAT(plan_complaint("[profile q]\n"), HasSubstr("[profile p]"));
}

TEST(ProfilePlan, LeavesTheDefaultProfileToTheChainUnlessASettingNamesIt) {
  const auto none = plan("", "default", false);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().reason, source_failure::kind::not_configured);
  const auto empty = plan("[default]\nregion=x\n", "default", false);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().reason, source_failure::kind::not_configured);
  EXPECT_FALSE(plan("[default]\naws_access_key_id=x\n", "default", false));
}

}  // namespace
}  // namespace connector::aws
