// As whom a task calls: roles and profiles, and whether the operator allows them.
#include "connector/lambda/authentication_input.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace connector::lambda {
namespace {

using kind = aws::identity::kind;

constexpr auto role = R"("roleArn":"arn:aws:iam::123456789012:role/worker")";

aws::identity read(const std::string& json) {
  auto who = read_authentication(json);
  EXPECT_TRUE(who) << (who ? "" : who.error().message);
  return who ? *std::move(who) : aws::identity{};
}

std::string complaint(const std::string& json) {
  const auto who = read_authentication(json);
  return who ? "(none)" : who.error().message;
}

TEST(AuthenticationInput, TakesARoleOverWithTheWorkersCredentials) {
  const auto who = read(std::string(R"({"type":"assumeRole",)") + role + "}");
  EXPECT_EQ(who.from, kind::worker);
  ASSERT_TRUE(who.role);
  EXPECT_EQ(who.role->role_arn, "arn:aws:iam::123456789012:role/worker");
  EXPECT_EQ(who.role->duration_seconds, 0);
}

TEST(AuthenticationInput, TakesARoleOverWithKeys) {
  const auto who =
      read(std::string(R"({"type":"assumeRole","accessKeyId":"A",)") +
           R"("secretAccessKey":"s","externalId":"e:1","roleSessionName":"me",)" +
           R"("durationSeconds":"900","sessionTags":{"a":"1","b\u0041":""},)" + role + "}");
  EXPECT_EQ(who.from, kind::keys);
  EXPECT_EQ(who.access_key_id, "A");
  ASSERT_TRUE(who.role);
  EXPECT_EQ(who.role->external_id, "e:1");
  EXPECT_EQ(who.role->session_name, "me");
  EXPECT_EQ(who.role->duration_seconds, 900);
  EXPECT_EQ(who.role->session_tags, (std::map<std::string, std::string>{{"a", "1"}, {"bA", ""}}));
  EXPECT_EQ(read(std::string(R"({"type":"assumeRole","durationSeconds":3600,)") + role + "}")
                .role->duration_seconds,
            3600);
}

TEST(AuthenticationInput, NamesAProfile) {
  const auto who = read(R"({"type":"profile","name":"billing","roleArn":null})");
  EXPECT_EQ(who.from, kind::profile);
  EXPECT_EQ(who.profile, "billing");
  EXPECT_FALSE(who.role);
}

TEST(AuthenticationInput, NamesTheFieldAndNeverItsValue) {
  const std::string begin = R"({"type":"assumeRole",)";
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"type":"assumeRole"})", "authentication.roleArn: required with type assumeRole"},
      {R"({"type":"assumeRole","roleArn":7})", "authentication.roleArn: must be a string"},
      {begin + R"("externalId":"hunter 2",)" + role + "}",
       "authentication.externalId: must be 2 to 1224 letters, digits and _+=,.@:/-"},
      {begin + R"("roleSessionName":"hunter 2",)" + role + "}",
       "authentication.roleSessionName: must be 2 to 64 letters, digits and _+=,.@-"},
      {begin + R"("durationSeconds":"hunter2",)" + role + "}",
       "authentication.durationSeconds: must be 900 to 43200"},
      {begin + R"("durationSeconds":899,)" + role + "}",
       "authentication.durationSeconds: must be 900 to 43200"},
      {begin + R"("durationSeconds":99999999999999999999,)" + role + "}",
       "authentication.durationSeconds: must be 900 to 43200"},
      {begin + R"("sessionTags":["hunter2"],)" + role + "}",
       "authentication.sessionTags: must be an object of strings"},
      {begin + R"("sessionTags":{"a":1},)" + role + "}",
       "authentication.sessionTags: must be an object of strings"},
      {begin + R"("secretAccessKey":"hunter2",)" + role + "}",
       "authentication.accessKeyId: required with keys; give both keys, as references to secrets"},
      {begin + R"("name":"hunter2",)" + role + "}",
       "authentication.type: must be profile when a name is given"},
      {std::string("{") + role + "}",
       "authentication.type: must be assumeRole when a role is given"},
      {R"({"type":"none","sessionTags":{"a":"b"}})",
       "authentication.type: must be assumeRole when a role is given"},
      {R"({"type":"profile"})", "authentication.name: required with type profile"},
      {R"({"type":"profile","name":"a","accessKeyId":"b"})",
       "authentication.type: must be static when keys are given"},
  };
  for (const auto& [json, expected] : wrong) EXPECT_EQ(complaint(json), expected) << json;
}

TEST(AuthenticationInput, IsAllowedByTheOperatorsListsOnly) {
  const auto as_role = read(std::string(R"({"type":"assumeRole",)") + role + "}");
  const auto as_profile = read(R"({"type":"profile","name":"billing"})");
  EXPECT_TRUE(check_allowed(aws::identity{}, guard(), "charge-card"));
  EXPECT_FALSE(check_allowed(as_role, guard(), "charge-card"));
  EXPECT_FALSE(check_allowed(as_profile, guard(), "charge-card"));
  const auto list = [](allow_list::about subject, const std::string& pattern) {
    return std::make_shared<const allow_list>(
        std::get<allow_list>(allow_list::make(subject, "THE_LIST", {pattern})));
  };
  guard by;
  by.roles = {list(allow_list::about::roles, "arn:aws:iam::123456789012:role/work*")};
  by.profiles = {list(allow_list::about::names, "bill*")};
  EXPECT_TRUE(check_allowed(as_role, by, "charge-card"));
  EXPECT_TRUE(check_allowed(as_profile, by, "charge-card"));
  by.roles = {list(allow_list::about::roles, "arn:aws:iam::123456789012:role/other")};
  EXPECT_EQ(check_allowed(as_role, by, "charge-card").error().code, error_code::forbidden);
}

}  // namespace
}  // namespace connector::lambda
