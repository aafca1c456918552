// Function URLs: what is one, and what its answers mean.
#include "connector/lambda/invoke/function_url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/aws/error_table.h"
#include "connector/base/json.h"
#include "connector/lambda/invoke/function_url_invoke.h"

namespace connector::lambda {
namespace {

std::string complaint(const std::string& url) {
  const auto found = parse_function_url(url);
  return found ? "(none)" : found.error().message;
}

TEST(FunctionUrl, IsToldByItsScheme) {
  EXPECT_TRUE(is_function_url("https://x"));
  EXPECT_TRUE(is_function_url("http://x"));
  EXPECT_TRUE(is_function_url("HTTPS://x"));
  EXPECT_FALSE(is_function_url("https"));
  EXPECT_FALSE(is_function_url("orders"));
  EXPECT_FALSE(is_function_url(""));
}

TEST(FunctionUrl, HasItsRegionInItsHost) {
  for (const std::string kind : {"lambda-url", "lambda-web"}) {
    for (const std::string region : {"eu-central-1", "us-gov-west-1", "eusc-de-east-1"}) {
      const auto host = "abcdefghij012345." + kind + "." + region + ".on.aws";
      const auto found = parse_function_url("https://" + host + "/orders");
      ASSERT_TRUE(found) << complaint("https://" + host + "/");
      EXPECT_EQ(found->region, region);
      EXPECT_EQ(found->to, (http::destination{true, host, 443}));
      EXPECT_EQ(found->target, "/orders");
    }
  }
}

TEST(FunctionUrl, OfAnotherHostHasNoRegion) {
  for (const std::string host :
       {"abc.lambda-url.eu-central-1.on.aws.evil.com", "evil.com", "abc.lambda-url.x.on.aws",
        "a-b.lambda-url.eu-central-1.on.aws", "abc.lambda-url.eu-central-999.on.aws",
        "abc.lambda-webs.eu-central-1.on.aws", "abc.def.lambda-url.eu-central-1.on.aws",
        "lambda-url.eu-central-1.on.aws", "localhost", "abc.lambda-url.eu--1.on.aws", "127.0.0.1",
        "[::1]"}) {
    const auto found = parse_function_url("https://" + host + "/");
    ASSERT_TRUE(found) << host;
    EXPECT_EQ(found->region, "") << host;
  }
}

TEST(FunctionUrl, GoesOutInTheOneSpelling) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "/"},
      {"/", "/"},
      {"/a/b/", "/a/b/"},
      {"/a(b)", "/a%28b%29"},
      {"/a%2fb", "/a%2Fb"},
      {"/%7euser", "/~user"},
      {"/p?b=2&a=1", "/p?b=2&a=1"},
      {"/p?a", "/p?a="},
      {"/p?a=x%20y&&c=%C3%A9", "/p?a=x%20y&c=%C3%A9"},
      {"/p?a=b=c/d:e", "/p?a=b%3Dc%2Fd%3Ae"},
      {"?x=1", "/?x=1"},
  };
  for (const auto& [given, expected] : table) {
    const auto found = parse_function_url("https://abc.lambda-url.us-east-1.on.aws" + given);
    ASSERT_TRUE(found) << given;
    EXPECT_EQ(found->target, expected) << given;
  }
}

TEST(FunctionUrl, IsShownWithoutItsQuery) {
  const auto found = parse_function_url("https://abc.lambda-url.us-east-1.on.aws/p?key=hunter2");
  EXPECT_EQ(found->shown, "https://abc.lambda-url.us-east-1.on.aws/p");
}

TEST(FunctionUrl, RefusesOtherTexts) {
  const std::string host = "https://abc.lambda-url.us-east-1.on.aws";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"https://", "has no host"},
      {"https://a b/", "is no URL; write it like https://<id>.lambda-url.<region>.on.aws/"},
      {"https://me:hunter2@abc.lambda-url.us-east-1.on.aws/", "must not hold a user name"},
      {host + "/#x", "must not have a fragment"},
      {host + "/a/../b", "must not have dot segments"},
      {host + "/%2e%2E/b", "must not have dot segments"},
      {host + "//a", "must not have doubled slashes"},
      {host + "/?q=a+b", "has a + in its query: write %20 for a space and %2B for a plus"},
      {host + ":99999/", "must have a port from 1 to 65535"},
      {"http://abc.lambda-url.us-east-1.on.aws/", "must begin with https://"},
  };
  for (const auto& [url, expected] : table) {
    EXPECT_EQ(complaint(url), "functionName: this function URL " + expected) << url;
    EXPECT_EQ(complaint(url).find("hunter2"), std::string::npos);
  }
}

http::response answered(int status, std::string body, http::headers fields = {}) {
  http::response out;
  out.status = status;
  out.body = std::move(body);
  out.fields = std::move(fields);
  return out;
}

std::string variable(const answer& from, std::string_view name) {
  for (const auto* fields : {&from.variables, &from.details}) {
    for (const auto& field : *fields) {
      if (field.name == name) return field.value;
    }
  }
  return "(none)";
}

TEST(FunctionUrlAnswer, IsStatusAndBody) {
  const auto got = read_url_answer(
      answered(201, R"({"id":12345678901234567890})", {{"x-amzn-RequestId", "id-1"}}));
  ASSERT_TRUE(got);
  EXPECT_EQ(variable(*got, "statusCode"), "201");
  EXPECT_EQ(variable(*got, "executedVersion"), "null");
  EXPECT_EQ(variable(*got, "payload"), R"({"id":12345678901234567890})");
  EXPECT_EQ(variable(*got, "log"), "null");
  EXPECT_EQ(variable(*got, "requestId"), "\"id-1\"");
  EXPECT_FALSE(got->function_error);
}

TEST(FunctionUrlAnswer, KeepsWhereARedirectLeads) {
  EXPECT_TRUE(is_url_answer(302));
  const auto got = read_url_answer(answered(302, "", {{"Location", "https://elsewhere/"}}));
  EXPECT_EQ(variable(*got, "statusCode"), "302");
  EXPECT_EQ(variable(*got, "payload"), "null");
  EXPECT_EQ(variable(*got, "location"), "\"https://elsewhere/\"");
}

TEST(FunctionUrlAnswer, OfAnyOtherStatusIsAFailure) {
  for (const int status : {100, 199, 400, 403, 404, 429, 500, 502, 503, 504}) {
    EXPECT_FALSE(is_url_answer(status)) << status;
  }
}

// The function writes its own answers: nothing in them may make a second call look harmless.
TEST(FunctionUrlFailure, GoesByStatusWhenTheFunctionAnswered) {
  const auto spoofed =
      read_url_failure(answered(500, R"({"code":"TooManyRequestsException","message":"no"})",
                                {{"x-amzn-ErrorType", "TooManyRequestsException"}}));
  EXPECT_EQ(spoofed.name, "");
  EXPECT_EQ(spoofed.message, "no");
  EXPECT_EQ(aws::meaning_of(spoofed).failure, failure_class::ambiguous);
  const auto in_body = read_url_failure(answered(404, R"({"__type":"ExpiredTokenException"})"));
  EXPECT_EQ(in_body.name, "");
  EXPECT_EQ(aws::meaning_of(in_body).code, error_code::not_found);
}

TEST(FunctionUrlFailure, BelievesLambdaBelow500) {
  const auto expired = read_url_failure(
      answered(403, R"({"Message":"expired"})", {{"x-amzn-ErrorType", "ExpiredTokenException"}}));
  EXPECT_TRUE(aws::says_expired(expired));
}

TEST(FunctionUrlFailure, DoesNotQuoteTheFunctionsPages) {
  EXPECT_EQ(read_url_failure(answered(400, "customer hunter2")).message, "");
  EXPECT_EQ(read_url_failure(answered(502, "<html><title>hunter2</title></html>")).message, "");
}

}  // namespace
}  // namespace connector::lambda
