// The format of the shared files.
#include "connector/aws/credentials/shared_config/profile_file.h"

#include <gtest/gtest.h>

#include <string>

namespace connector::aws {
namespace {

profile_files config(std::string_view text) {
  profile_files made;
  const auto read = read_profile_file(text, "config", profile_file_kind::config, made);
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return made;
}

std::string complaint(std::string_view text,
                      profile_file_kind kind = profile_file_kind::credentials) {
  profile_files made;
  const auto read = read_profile_file(text, "/f", kind, made);
  return read ? "" : read.error().message;
}

TEST(ProfileFile, ReadsSectionsAndProperties) {
  const auto files = config(
      "# comment\n"
      "; another\n"
      "[default]\n"
      "region = eu-central-1\n"
      "[profile with-role] ; behind\r\n"
      "Role_ARN=arn:aws:iam::123456789012:role/x\r\n"
      "\r\n"
      "source_profile =  default  # inline\n"
      "value = a#b;c\n"
      "[ profile  \"two words\" ]\n"
      "region=x\n"
      "[sso-session s]\n"
      "sso_region = y\n"
      "[other]\n"
      "region = z\n");
  EXPECT_EQ(files.profiles.size(), 3U);
  EXPECT_EQ(files.profiles.at("default").text("region"), "eu-central-1");
  const auto& role = files.profiles.at("with-role");
  EXPECT_EQ(role.text("role_arn"), "arn:aws:iam::123456789012:role/x");
  EXPECT_EQ(role.find("role_arn")->at.line, 6);
  EXPECT_EQ(role.text("source_profile"), "default");
  EXPECT_EQ(role.text("value"), "a#b;c");
  EXPECT_EQ(files.profiles.at("two words").text("region"), "x");
}

TEST(ProfileFile, ReadsServicesBelowTheirName) {
  const auto files = config(
      "[services local]\n"
      "lambda =\n"
      "  endpoint_url = http://localhost:1\n"
      "  other = 1\n"
      "sts = \n"
      "\tendpoint_url=http://localhost:2\n"
      "[profile p]\n"
      "services = local\n");
  const auto& local = files.services.at("local").properties;
  EXPECT_EQ(local.at("lambda").nested.at("endpoint_url").reveal(), "http://localhost:1");
  EXPECT_EQ(local.at("sts").nested.at("endpoint_url").reveal(), "http://localhost:2");
}

TEST(ProfileFile, NeverMixesTheKeysOfTwoFiles) {
  profile_files made;
  ASSERT_TRUE(
      read_profile_file("[profile p]\naws_access_key_id=A\naws_secret_access_key=a\n"
                        "aws_session_token=t\nregion=r\n",
                        "config", profile_file_kind::config, made));
  ASSERT_TRUE(read_profile_file("[p]\naws_access_key_id=B\naws_secret_access_key=b\n",
                                "credentials", profile_file_kind::credentials, made));
  const auto& p = made.profiles.at("p");
  EXPECT_EQ(p.text("aws_access_key_id"), "B");
  EXPECT_EQ(p.text("aws_secret_access_key"), "b");
  EXPECT_EQ(p.find("aws_session_token"), nullptr);
  EXPECT_EQ(p.text("region"), "r");
}

TEST(ProfileFile, TakesTheLastOfTwo) {
  const auto files = config("[profile p]\nregion=a\n[profile q]\n[profile p]\nregion=b\nx=1\n");
  EXPECT_EQ(files.profiles.at("p").text("region"), "b");
  EXPECT_EQ(files.profiles.at("p").at.line, 1);
}

TEST(ProfileFile, SaysWhichLineCannotBe) {
  EXPECT_EQ(complaint("[a]\nx=1\nsecret-without-equals\n"),
            "/f line 3: it is neither \"name = value\" nor a section.");
  EXPECT_EQ(complaint("x=1\n"), "/f line 1: it stands before the first section.");
  EXPECT_EQ(complaint(" x=1\n"), "/f line 1: it stands before the first section.");
  EXPECT_EQ(complaint("\n[a\n"), "/f line 2: a section must end with ].");
  EXPECT_EQ(complaint("[]\n"), "/f line 1: a section needs a name.");
  EXPECT_EQ(complaint("[a] b\n"), "/f line 1: there is something behind the ] of a section.");
  EXPECT_EQ(complaint("[a]\n=1\n"), "/f line 2: the name before = is missing.");
  EXPECT_EQ(complaint("[a]\ns3 =\n  no\n"), "/f line 3: it is no \"name = value\".");
  EXPECT_EQ(complaint(std::string_view("[a]\nx=\0\n", 8)), "/f line 2: it holds a zero byte.");
  EXPECT_EQ(complaint("\xEF\xBB\xBF[a]\nx = 1"), "");
  EXPECT_EQ(complaint(""), "");
}

TEST(ProfileFile, IsBounded) {
  std::string sections;
  for (int i = 0; i < 2000; ++i) sections += "[s" + std::to_string(i) + "]\n";
  EXPECT_NE(complaint(sections), "");
  EXPECT_NE(complaint("[a]\n" + std::string(30'000, '\n')), "");
}

}  // namespace
}  // namespace connector::aws
