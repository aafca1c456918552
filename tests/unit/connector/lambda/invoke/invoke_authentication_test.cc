// The input authentication of INVOKE.
#include <gtest/gtest.h>

#include "tests/unit/connector/lambda/invoke/invoke_inputs.h"

namespace connector::lambda {
namespace {

TEST(Authentication, IsTheWorkersOwnByDefault) {
  EXPECT_EQ(read_with("authentication", "{}")->frame.who, aws::identity{});
  EXPECT_EQ(read_with("authentication", R"({"type":"default"})")->frame.who, aws::identity{});
  EXPECT_EQ(read_with("authentication", R"({"type":null,"accessKeyId":""})")->frame.who,
            aws::identity{});
}

TEST(Authentication, TakesKeys) {
  const auto found = read_with(
      "authentication",
      R"({"type":"static","accessKeyId":"AKID","secretAccessKey":"s\u0065cret","sessionToken":"t"})");
  ASSERT_TRUE(found) << complaint(found);
  EXPECT_EQ(found->frame.who.from, aws::identity::kind::keys);
  EXPECT_EQ(found->frame.who.access_key_id, "AKID");
  EXPECT_EQ(found->frame.who.secret_access_key.reveal(), "secret");
  EXPECT_EQ(found->frame.who.session_token.reveal(), "t");
}

TEST(Authentication, NamesTheFieldAndNeverItsValue) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {R"({"type":"static","accessKeyId":"hunter2"})",
       "authentication.secretAccessKey: required with type static; give both keys, as references "
       "to secrets"},
      {R"({"type":"static","secretAccessKey":"hunter2"})",
       "authentication.accessKeyId: required with type static; give both keys, as references to "
       "secrets"},
      {R"({"type":"static","accessKeyId":"A","secretAccessKey":["hunter2"]})",
       "authentication.secretAccessKey: must be a string"},
      {R"({"accessKeyId":"A","secretAccessKey":"hunter2"})",
       "authentication.type: must be static when keys are given"},
      {R"({"type":"sttic","secretAccessKey":"hunter2"})",
       "authentication.type: must be one of default, static, assumeRole, profile, none"},
      {R"({"type":7})", "authentication.type: must be a string"},
      {R"({"secretAcessKey":"hunter2"})",
       "authentication.secretAcessKey: there is no such input; is secretAccessKey meant?"},
      {R"({"type":"assumeRole","roleArn":"hunter2"})",
       "authentication.roleArn: must be like arn:aws:iam::123456789012:role/name"},
      {R"({"type":"none"})",
       "authentication.type: none is for function URLs: calls by name are always signed; take "
       "another type"},
      {R"({"type":"static","accessKeyId":"A","secretAccessKey":"s","roleArn":"hunter2"})",
       "authentication.type: must be assumeRole when a role is given"},
      {R"("hunter2")", "authentication: must be an object, not a string"},
  };
  for (const auto& [json, expected] : wrong) {
    const auto found = read_with("authentication", json);
    EXPECT_EQ(complaint(found), expected) << json;
  }
}

}  // namespace
}  // namespace connector::lambda
