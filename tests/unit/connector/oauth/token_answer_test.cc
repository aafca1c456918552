// From answers of token servers to tokens and messages.
#include "connector/oauth/token_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "connector/oauth/token_plan.h"
#include "connector/oauth/token_request.h"

namespace connector::oauth {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;
using kind = token_failure::kind;

constexpr auto server = "https://login.example/token";
constexpr boot_clock::time_point asked{1000h};

result<access_token> read(std::string body, int status = 200) {
  http::response answer;
  answer.status = status;
  answer.body = std::move(body);
  return read_token_answer(answer, server, asked);
}

TEST(TokenAnswer, GivesTokenAndLife) {
  struct row {
    const char* body;
    boot_clock::duration life;
  };
  for (const auto& one : std::vector<row>{
           {R"({"access_token":"a.b.c","expires_in":60,"token_type":"Bearer"})", 60s},
           {R"({"access_token":"a.b.c","expires_in":"60","token_type":"bearer"})", 60s},
           {R"({"access_token":"a.b.c","expires_in":1.5e2})", 150s},
           {R"({"access_token":"a.b.c"})", 5min},
           {R"({"access_token":"a.b.c","expires_in":1e308})", longest_life},
           {R"({"access_token":"a.b.c","expires_in":99999999999999999999999})", longest_life},
           {"\xEF\xBB\xBF{\"access_token\":\"a.b.c\",\"expires_in\":1}", 1s}}) {
    const auto got = read(one.body);
    ASSERT_TRUE(got) << one.body << got.error().message;
    EXPECT_EQ(got->value.reveal(), "a.b.c");
    EXPECT_EQ(got->since, asked);
    EXPECT_EQ(got->expires - asked, one.life) << one.body;
  }
}

TEST(TokenAnswer, ThatCannotBeUsedIsOneMessageWithoutTheToken) {
  const std::string of_token = R"({"access_token":"a.b.c")";
  for (const auto& [body, says] : std::vector<std::pair<std::string, std::string>>{
           {"", "no JSON object"},
           {"<html>", "no JSON object"},
           {"[]", "no JSON object"},
           {R"({"expires_in":60})", "no access_token"},
           {R"({"access_token":null,"expires_in":60})", "cannot be a token"},
           {R"({"access_token":"","expires_in":60})", "cannot be a token"},
           {R"({"access_token":"a.b.c d"})", "cannot be a token"},
           {R"({"access_token":"a.b.c\r\nX: y"})", "cannot be a token"},
           {R"({"access_token":"a.b.c)" + std::string(40'000, 'x') + "\"}", "cannot be a token"},
           {of_token + R"(,"token_type":"mac"})", "token_type"},
           {of_token + R"(,"token_type":7})", "token_type"},
           {of_token + R"(,"expires_in":0})", "expires_in"},
           {of_token + R"(,"expires_in":-5})", "expires_in"},
           {of_token + R"(,"expires_in":0.5})", "expires_in"},
           {of_token + R"(,"expires_in":null})", "expires_in"},
           {of_token + R"(,"expires_in":"nan"})", "expires_in"},
           {of_token + R"(,"expires_in":"soon"})", "expires_in"},
           {of_token + R"(,"expires_in":[60]})", "expires_in"}}) {
    const auto got = read(body);
    ASSERT_FALSE(got) << body;
    EXPECT_EQ(got.error().reason, kind::unavailable);
    EXPECT_THAT(got.error().message,
                AllOf(HasSubstr(says), HasSubstr(server), Not(HasSubstr("a.b.c"))));
  }
}

TEST(TokenAnswer, RefusalNamesTheSettingToChange) {
  struct row {
    int status;
    const char* body;
    kind reason;
    const char* setting;
  };
  for (const auto& one : std::vector<row>{
           {401, R"({"error":"invalid_client","error_description":"Wrong secret."})",
            kind::rejected, "CAMUNDA_CLIENT_SECRET"},
           {401, R"({"error":"unauthorized_client"})", kind::rejected, "CAMUNDA_CLIENT_SECRET"},
           {401, "", kind::rejected, "CAMUNDA_CLIENT_ID"},
           {400, R"({"error":"invalid_scope"})", kind::rejected, "CAMUNDA_TOKEN_SCOPE"},
           {400, R"({"error":"invalid_target"})", kind::rejected, "CAMUNDA_TOKEN_RESOURCE"},
           {403, R"({"error":"access_denied"})", kind::rejected, "CAMUNDA_TOKEN_AUDIENCE"},
           {400, R"({"error":"unsupported_grant_type"})", kind::rejected,
            "CAMUNDA_AUTHORIZATION_SERVER_URL"},
           {302, "", kind::rejected, "Redirects are not followed"},
           {404, "<html>", kind::unavailable, "CAMUNDA_AUTHORIZATION_SERVER_URL"},
           {405, "", kind::rejected, "CAMUNDA_AUTHORIZATION_SERVER_URL"},
           {201, R"({"access_token":"a.b.c"})", kind::rejected, "status 201"},
           {429, "", kind::unavailable, "status 429"},
           {503, R"({"error":"temporarily_unavailable"})", kind::unavailable, "status 503"},
           {500, "<html>", kind::unavailable, "status 500"}}) {
    const auto got = read(one.body, one.status);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().reason, one.reason) << one.status;
    EXPECT_THAT(got.error().message, HasSubstr(one.setting)) << one.body;
  }
}

TEST(TokenAnswer, WordsOfTheServerAreOneShortLine) {
  const auto got = read(
      R"({"error":"x\ny","error_description":")" + std::string(5000, 'a') + R"(\u0000"})", 400);
  ASSERT_FALSE(got);
  EXPECT_LT(got.error().message.size(), 700U);
  EXPECT_EQ(got.error().message.find('\n'), std::string::npos);
  EXPECT_EQ(got.error().message.find('\0'), std::string::npos);
}

TEST(TokenRequest, IsAFormWithEncodedValues) {
  token_request form;
  form.where = *http::read_url("https://login.example/realms/x/token?y=z");
  form.client_id = "a worker";
  form.audience = "zeebe-api";
  form.scope = "a b";
  const auto made = request_of(form, {secret_string("p&q=r+%\xC3\xA4"), {}});
  EXPECT_EQ(made.method, "POST");
  EXPECT_EQ(made.target, "/realms/x/token?y=z");
  EXPECT_EQ(made.body,
            "client_id=a%20worker&client_secret=p%26q%3Dr%2B%25%C3%A4&audience=zeebe-api&"
            "grant_type=client_credentials&scope=a%20b");
  EXPECT_EQ(shown(form.where), "https://login.example/realms/x/token");
}

TEST(TokenRequest, AssertionCountsBeforeTheSecret) {
  token_request form;
  form.where = *http::read_url("https://login.example/token");
  form.client_id = "worker";
  const auto made = request_of(form, {secret_string("hunter2"), secret_string("a.b.c")});
  EXPECT_THAT(made.body, AllOf(HasSubstr("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3A"
                                         "client-assertion-type%3Ajwt-bearer"),
                               HasSubstr("client_assertion=a.b.c"), Not(HasSubstr("hunter2"))));
}

TEST(TokenPlan, RenewsAfterFourFifthsOfTheLife) {
  const auto at = [](boot_clock::duration life, boot_clock::duration age) {
    return step_at(plan_of({secret_string("a"), asked, asked + life}), asked + age);
  };
  EXPECT_EQ(at(100s, 79s), token_step::use);
  EXPECT_EQ(at(100s, 80s), token_step::use_and_renew);
  EXPECT_EQ(at(100s, 89s), token_step::use_and_renew);
  // It could end on its way to the gateway.
  EXPECT_EQ(at(100s, 90s), token_step::wait);
  EXPECT_EQ(at(1h, 59min + 49s), token_step::use_and_renew);
  EXPECT_EQ(at(1h, 59min + 50s), token_step::wait);
  EXPECT_EQ(at(1s, 899ms), token_step::use_and_renew);
  EXPECT_EQ(at(-5s, 0s), token_step::wait);
}

}  // namespace
}  // namespace connector::oauth
