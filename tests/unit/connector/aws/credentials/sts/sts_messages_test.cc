// What goes to STS and what comes back, as values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "connector/aws/credentials/sts/sts_answer.h"
#include "connector/aws/credentials/sts/sts_request.h"

namespace connector::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using kind = source_failure::kind;

assumed_role role_of(std::string arn = "arn:aws:iam::123456789012:role/team/worker") {
  assumed_role role;
  role.role_arn = std::move(arn);
  role.session_name = "me";
  return role;
}

TEST(StsRequest, CarriesTheRole) {
  auto role = role_of();
  role.external_id = "a:b/c";
  role.duration_seconds = 900;
  role.session_tags = {{"cost center", "1+1=2"}, {"team", ""}};
  endpoint where = regional_endpoint("sts", "eu-central-1").value();
  const auto request = assume_role_request(role, where, "agent/1");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.to.host, "sts.eu-central-1.amazonaws.com");
  EXPECT_EQ(request.target, "/");
  EXPECT_EQ(request.body,
            "Action=AssumeRole&Version=2011-06-15"
            "&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fteam%2Fworker"
            "&RoleSessionName=me&DurationSeconds=900&ExternalId=a%3Ab%2Fc"
            "&Tags.member.1.Key=cost%20center&Tags.member.1.Value=1%2B1%3D2"
            "&Tags.member.2.Key=team&Tags.member.2.Value=");
  where.base_path = "/sts";
  const auto web = web_identity_request(role_of(), secret_string("a.b&c"), where, "agent/1");
  EXPECT_EQ(web.target, "/sts/");
  EXPECT_THAT(web.body, HasSubstr("Action=AssumeRoleWithWebIdentity&"));
  EXPECT_THAT(web.body, HasSubstr("&WebIdentityToken=a.b%26c"));
}

TEST(StsRequest, RefusesWhatStsWould) {
  const auto problem = [](const assumed_role& role) {
    const auto found = find_error(role);
    return found ? std::string(found->field) : std::string();
  };
  EXPECT_EQ(problem(role_of()), "");
  EXPECT_EQ(problem(role_of("arn:aws-us-gov:iam::123456789012:role/r")), "");
  for (const auto* arn :
       {"", "worker", "arn:aws:iam::123456789012:user/x", "arn:aws:iam::12345:role/x",
        "arn:aws:iam:eu-central-1:123456789012:role/x", "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:role/a b", "arn:aws:iam::123456789012:role/a\nb",
        "arn:evil:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/x&Action=y"}) {
    EXPECT_EQ(problem(role_of(arn)), "roleArn") << arn;
  }
  auto role = role_of();
  role.session_name = "a b";
  EXPECT_EQ(problem(role), "roleSessionName");
  role.session_name = std::string(65, 'a');
  EXPECT_EQ(problem(role), "roleSessionName");
  role = role_of();
  role.external_id = "x";
  EXPECT_EQ(problem(role), "externalId");
  role = role_of();
  role.duration_seconds = 899;
  EXPECT_EQ(problem(role), "durationSeconds");
  role.duration_seconds = -1;
  EXPECT_EQ(problem(role), "durationSeconds");
  role = role_of();
  role.session_tags = {{"a\n", "b"}};
  EXPECT_EQ(problem(role), "sessionTags");
  role.session_tags = {{"", "b"}};
  EXPECT_EQ(problem(role), "sessionTags");
  role.session_tags.clear();
  for (int i = 0; i < 51; ++i) role.session_tags[std::to_string(i)] = "x";
  EXPECT_EQ(problem(role), "sessionTags");
}

TEST(StsRequest, MakesASessionNameOfAnything) {
  EXPECT_EQ(as_session_name("lambda-connector-host.1"), "lambda-connector-host.1");
  EXPECT_EQ(as_session_name("a b/c"), "a-b-c");
  EXPECT_EQ(as_session_name(""), "--");
  EXPECT_EQ(as_session_name(std::string(100, 'x')).size(), 64U);
}

sts_question question() {
  return {"AssumeRole", "arn:aws:iam::123456789012:role/x", "sts.example.com", "role x"};
}

http::response answer(int status, std::string body) {
  http::response made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

std::string keys_with(const std::string& expiration, const std::string& id = "ASIA1") {
  return "<AssumeRoleResponse xmlns=\"u\"><AssumeRoleResult><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>se/cr+et</SecretAccessKey><SessionToken>a&amp;b==</"
         "SessionToken><Expiration>" +
         expiration + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
}

std::string error_with(const std::string& code, const std::string& message = "because") {
  return "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message +
         "</Message></Error><RequestId>r</RequestId></ErrorResponse>";
}

TEST(StsAnswer, GivesKeys) {
  const auto out =
      read_sts_answer(answer(200, keys_with("2026-11-21T02:08:01.562520Z")), question());
  ASSERT_TRUE(out.result);
  EXPECT_EQ(out.result->access_key_id, "ASIA1");
  EXPECT_EQ(out.result->secret_access_key.reveal(), "se/cr+et");
  EXPECT_EQ(out.result->session_token.reveal(), "a&b==");
  EXPECT_EQ(out.result->source, "role x");
  ASSERT_TRUE(out.result->expires);
  EXPECT_EQ(wall_clock::to_time_t(*out.result->expires), 1795226881);
}

TEST(StsAnswer, ThatCannotBeUsedIsNoRefusal) {
  for (const auto& body :
       {std::string("{}"), std::string(), std::string("<html></html>"), keys_with("soon"),
        keys_with("2026-11-21T02:08:01Z", ""), keys_with("2026-11-21T02:08:01Z", "A\nX: y")}) {
    const auto out = read_sts_answer(answer(200, body), question());
    ASSERT_FALSE(out.result) << body;
    EXPECT_EQ(out.result.error().reason, kind::unavailable);
    EXPECT_TRUE(out.again);
    EXPECT_THAT(out.result.error().message, Not(HasSubstr("se/cr+et")));
  }
}

TEST(StsAnswer, TellsWhatPassesFromWhatDoesNot) {
  const auto of = [](int status, const std::string& code, const std::string& message = "because") {
    return read_sts_answer(answer(status, error_with(code, message)), question());
  };
  const auto denied = of(403, "AccessDenied", "User: x is not authorized to perform: y");
  EXPECT_EQ(denied.result.error().reason, kind::rejected);
  EXPECT_FALSE(denied.again);
  EXPECT_THAT(
      denied.result.error().message,
      AllOf(HasSubstr("sts.example.com"), HasSubstr("role/x"), HasSubstr("403 AccessDenied"),
            HasSubstr("is not authorized"), HasSubstr("trust policy")));
  EXPECT_EQ(of(403, "InvalidClientTokenId").result.error().reason, kind::rejected);
  EXPECT_EQ(of(403, "RegionDisabledException").result.error().reason, kind::rejected);
  EXPECT_EQ(of(400, "InvalidIdentityToken").result.error().reason, kind::rejected);
  EXPECT_EQ(of(400, "MalformedPolicyDocument").result.error().reason, kind::rejected);
  const auto provider = of(400, "IDPCommunicationError");
  EXPECT_EQ(provider.result.error().reason, kind::unavailable);
  EXPECT_TRUE(provider.again);
  const auto load = of(400, "Throttling");
  EXPECT_EQ(load.result.error().reason, kind::unavailable);
  EXPECT_TRUE(load.again);
  EXPECT_TRUE(of(503, "ServiceUnavailable").again);
  const auto expired = of(400, "ExpiredTokenException");
  EXPECT_EQ(expired.result.error().reason, kind::unavailable);
  EXPECT_TRUE(expired.old_keys);
  EXPECT_FALSE(expired.again);
  const auto clock = of(403, "SignatureDoesNotMatch", "Signature expired: 1 is now earlier than 2");
  EXPECT_EQ(clock.result.error().reason, kind::unavailable);
  EXPECT_TRUE(read_sts_answer(answer(502, "<html><title>Bad</title></html>"), question()).again);
}

TEST(StsAnswer, MayBeAskedAgainWhenItNeverCame) {
  http::failure lost{http::failure_kind::read, http::request_progress::sent, "connection lost"};
  EXPECT_TRUE(read_sts_failure(lost, question()).again);
  lost.kind = http::failure_kind::cancelled;
  EXPECT_FALSE(read_sts_failure(lost, question()).again);
  EXPECT_EQ(read_sts_failure(lost, question()).result.error().reason, kind::unavailable);
}

}  // namespace
}  // namespace connector::aws
