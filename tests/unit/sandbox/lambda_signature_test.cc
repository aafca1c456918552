// The verifier against published-form vectors: made with another implementation, for fixed keys and
// a fixed time, so that they prove it without any code of ours on the signing side.
#include <gtest/gtest.h>

#include "tests/sandbox/lambda/signature.h"

namespace sandbox {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::system_clock;

constexpr char invoke_path[] = "/2015-03-31/functions/my-function/invocations";
constexpr char arn_path[] =
    "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Amy-function"
    "%3APROD/invocations?Qualifier=%24LATEST";
constexpr char body_hash[] = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";

// 2026-01-02T03:04:05Z
const system_clock::time_point signed_at = system_clock::from_time_t(1767323045);

struct vector {
  std::string method = "POST";
  std::string target = invoke_path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body = R"({"a":1})";
  std::string region = "us-east-1";
  std::string token;
  std::string secret = access_key().secret;
  bool content_sha256 = false;

  verdict check(system_clock::time_point now = signed_at) const {
    access_key key;
    key.session_token = token;
    key.secret = secret;
    signature_rules rules;
    rules.region = region;
    rules.require_content_sha256 = content_sha256;
    const signature_verifier verifier(rules, {key});
    return verifier.verify({method, target, {headers.begin(), headers.end()}, body}, now);
  }

  void set(const std::string& name, const std::string& value) {
    for (auto& header : headers) {
      if (header.first == name) header.second = value;
    }
  }
};

std::string authorization(const std::string& region, const std::string& names,
                          const std::string& signature) {
  return "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/" + region +
         "/lambda/aws4_request, SignedHeaders=" + names + ", Signature=" + signature;
}

vector v1() {
  vector out;
  out.headers = {
      {"Host", "lambda.us-east-1.amazonaws.com"},
      {"X-Amz-Date", "20260102T030405Z"},
      {"Authorization",
       authorization("us-east-1", "host;x-amz-date",
                     "d096967cc1c04dcc09f1234e26bb41fba13ca3ae7cd1dfab8e6cbf85363945b1")}};
  return out;
}

vector v2() {
  vector out;
  out.target = arn_path;
  out.token = "TOKEN";
  out.headers = {
      {"Host", "lambda.us-east-1.amazonaws.com"},
      {"Content-Type", "application/json"},
      {"X-Amz-Date", "20260102T030405Z"},
      {"X-Amz-Invocation-Type", "RequestResponse"},
      {"X-Amz-Log-Type", "Tail"},
      {"X-Amz-Security-Token", "TOKEN"},
      {"Authorization",
       authorization("us-east-1",
                     "content-type;host;x-amz-date;x-amz-invocation-type;x-amz-log-type;"
                     "x-amz-security-token",
                     "5a63c888b1af04226f45764beae262a0bf1656c05f3ca9ccf5b0b7c5c0a17cd0")}};
  return out;
}

vector v4() {
  vector out;
  out.content_sha256 = true;
  out.headers = {
      {"Host", "lambda.us-east-1.amazonaws.com"},
      {"Content-Type", "application/json"},
      {"X-Amz-Content-Sha256", body_hash},
      {"X-Amz-Date", "20260102T030405Z"},
      {"Authorization",
       authorization("us-east-1", "content-type;host;x-amz-content-sha256;x-amz-date",
                     "c37fc8b987ddb3cce9c427cb40f6b9cfa226440364c628168d07e8979bf44713")}};
  return out;
}

vector v6() {
  vector out;
  out.method = "GET";
  out.target = "/a%20b?x=1&a=%C3%A9";
  out.body.clear();
  out.region = "eu-central-1";
  out.headers = {
      {"Host", "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws"},
      {"X-Amz-Date", "20260102T030405Z"},
      {"Authorization",
       authorization("eu-central-1", "host;x-amz-date",
                     "472bbfe2043f577dcdad92a74249f8a98edc79eeef04bf31c47a2b74545ca28c")}};
  return out;
}

void expect_refused(const vector& given, const std::string& type, const std::string& text) {
  const verdict out = given.check();
  EXPECT_EQ(out.status, 403);
  EXPECT_EQ(out.error_type, type);
  EXPECT_NE(out.message.find(text), std::string::npos) << out.message;
}

TEST(LambdaSignature, PlainInvokeIsAccepted) {
  const verdict out = v1().check();
  EXPECT_TRUE(out.accepted()) << out.message;
  EXPECT_EQ(out.access_key_id, "AKIDEXAMPLE");
}

TEST(LambdaSignature, ArnWithQualifierAndTokenIsAccepted) {
  const verdict out = v2().check();
  EXPECT_TRUE(out.accepted()) << out.message;
}

TEST(LambdaSignature, ContentHashIsAccepted) {
  const verdict out = v4().check();
  EXPECT_TRUE(out.accepted()) << out.message;
}

TEST(LambdaSignature, EncodedPathAndQueryOfAFunctionUrlAreAccepted) {
  const verdict out = v6().check();
  EXPECT_TRUE(out.accepted()) << out.message;
}

TEST(LambdaSignature, WrongSecretIsRefusedWithTheCanonicalString) {
  vector given = v1();
  given.secret = "another";
  expect_refused(given, "InvalidSignatureException",
                 "The Canonical String for this request should have been\n'POST\n/2015-03-31/");
}

TEST(LambdaSignature, AlteredBodyIsRefused) {
  vector given = v1();
  given.body = R"({"a":2})";
  expect_refused(given, "InvalidSignatureException", "does not match the signature you provided");
}

TEST(LambdaSignature, AlteredPathIsRefused) {
  vector given = v1();
  given.target = "/2015-03-31/functions/my-functioN/invocations";
  expect_refused(given, "InvalidSignatureException", "my-functioN");
}

TEST(LambdaSignature, AlteredQueryIsRefused) {
  vector given = v2();
  given.target.back() = 'X';
  expect_refused(given, "InvalidSignatureException", "Qualifier=%24LATESX");
}

TEST(LambdaSignature, AlteredHeaderIsRefused) {
  vector given = v2();
  given.set("X-Amz-Log-Type", "None");
  expect_refused(given, "InvalidSignatureException", "x-amz-log-type:None");
}

TEST(LambdaSignature, RawColonsAreRefusedWithTheDoublyEncodedCanonicalString) {
  vector given = v2();
  given.target =
      "/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:my-function:PROD/"
      "invocations?Qualifier=%24LATEST";
  expect_refused(given, "InvalidSignatureException", "arn%253Aaws%253Alambda");
}

TEST(LambdaSignature, LowerCaseHexInThePathIsRefused) {
  vector given = v2();
  given.target.replace(given.target.find("%3A"), 3, "%3a");
  expect_refused(given, "InvalidSignatureException", "arn%253aaws");
}

TEST(LambdaSignature, ContentHashMustBeTheBodys) {
  vector given = v4();
  given.body = R"({"a":2})";
  expect_refused(given, "InvalidSignatureException", "the body's hash is");
}

TEST(LambdaSignature, ContentHashMustBeSentWhenRequired) {
  vector given = v1();
  given.content_sha256 = true;
  expect_refused(given, "InvalidSignatureException", "X-Amz-Content-Sha256 was not sent");
}

TEST(LambdaSignature, UnsignedAmazonHeaderIsRefused) {
  vector given = v1();
  given.headers.emplace_back("X-Amz-Tenant-Id", "t");
  expect_refused(given, "InvalidSignatureException", "'X-Amz-Tenant-Id' must be a 'SignedHeader'");
}

TEST(LambdaSignature, HostMustBeSigned) {
  vector given = v1();
  given.set("Authorization", authorization("us-east-1", "x-amz-date", "00"));
  expect_refused(given, "InvalidSignatureException", "'Host' must be a 'SignedHeader'");
}

TEST(LambdaSignature, SignedHeadersMustBeSorted) {
  vector given = v1();
  given.set("Authorization", authorization("us-east-1", "x-amz-date;host", "00"));
  expect_refused(given, "InvalidSignatureException", "not sorted");
}

TEST(LambdaSignature, TokenMustBeTheKeys) {
  vector given = v2();
  given.set("X-Amz-Security-Token", "OTHER");
  expect_refused(given, "UnrecognizedClientException", "security token");
  given = v1();
  given.token = "TOKEN";
  expect_refused(given, "UnrecognizedClientException", "security token");
}

TEST(LambdaSignature, UnknownKeyIsRefused) {
  vector given = v1();
  given.set("Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDUNKNOWN/20260102/us-east-1/lambda/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=00");
  expect_refused(given, "UnrecognizedClientException", "security token");
}

TEST(LambdaSignature, ScopeOfAnotherRegionServiceOrDayIsRefused) {
  vector given = v1();
  given.region = "eu-west-1";
  expect_refused(given, "InvalidSignatureException", "valid region, not 'us-east-1'");
  given = v1();
  given.set("Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=00");
  expect_refused(given, "InvalidSignatureException", "correct service: 'lambda'");
  given = v1();
  given.set("Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260103/us-east-1/lambda/aws4_request, "
            "SignedHeaders=host;x-amz-date, Signature=00");
  expect_refused(given, "InvalidSignatureException", "'20260103' != '20260102'");
}

TEST(LambdaSignature, ClockWindowIsFiveMinutesBothWays) {
  EXPECT_TRUE(v1().check(signed_at + minutes(5)).accepted());
  EXPECT_TRUE(v1().check(signed_at - minutes(5)).accepted());
  const verdict late = v1().check(signed_at + minutes(5) + seconds(1));
  EXPECT_EQ(late.error_type, "InvalidSignatureException");
  EXPECT_EQ(late.message,
            "Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z "
            "(20260102T030906Z - 5 min.)");
  const verdict early = v1().check(signed_at - minutes(5) - seconds(1));
  EXPECT_EQ(early.message.substr(0, 26), "Signature not yet current:");
}

TEST(LambdaSignature, ExpiredKeyIsRefusedByName) {
  access_key key;
  key.expires = signed_at - seconds(1);
  signature_rules rules;
  rules.require_content_sha256 = false;
  const signature_verifier verifier(rules, {key});
  const vector given = v1();
  const verdict out = verifier.verify(
      {given.method, given.target, {given.headers.begin(), given.headers.end()}, given.body},
      signed_at);
  EXPECT_EQ(out.error_type, "ExpiredTokenException");
}

TEST(LambdaSignature, MissingAndMalformedAuthorizationAreRefused) {
  vector given = v1();
  given.headers.pop_back();
  expect_refused(given, "MissingAuthenticationTokenException", "Missing Authentication Token");
  for (const char* text : {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b, Signature=c",
                           "Basic dXNlcjpwYXNz", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e"}) {
    given = v1();
    given.set("Authorization", text);
    expect_refused(given, "IncompleteSignatureException", "Authorization header requires");
  }
  given = v1();
  given.set("X-Amz-Date", "yesterday");
  expect_refused(given, "IncompleteSignatureException", "X-Amz-Date");
}

}  // namespace
}  // namespace sandbox
