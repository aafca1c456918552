#include "connector/aws/sigv4.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "connector/aws/canonical_request.h"
#include "connector/aws/sha256.h"

namespace connector::aws {
namespace {

const secret_string secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
constexpr std::string_view functions = "/2015-03-31/functions/";

wall_clock::time_point at(int year, unsigned month, unsigned day, int hour, int minute,
                          int second) {
  const std::chrono::sys_days date(std::chrono::year(year) / std::chrono::month(month) /
                                   std::chrono::day(day));
  return date + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

TEST(AmzDate, IsUtcWithoutPunctuationAndWithoutFractions) {
  EXPECT_EQ(amz_date(at(2015, 8, 30, 12, 36, 0)), "20150830T123600Z");
  EXPECT_EQ(amz_date(at(2026, 1, 2, 3, 4, 5) + std::chrono::milliseconds(999)), "20260102T030405Z");
  EXPECT_EQ(amz_date(at(1969, 12, 31, 23, 59, 59) + std::chrono::milliseconds(1)),
            "19691231T235959Z");
}

TEST(Sigv4Steps, GiveScopeStringToSignAndKey) {
  EXPECT_EQ(credential_scope("20150830", "us-east-1", "iam"),
            "20150830/us-east-1/iam/aws4_request");
  EXPECT_EQ(string_to_sign("20150830T123600Z", "20150830/us-east-1/iam/aws4_request", ""),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // The example of the AWS General Reference.
  EXPECT_EQ(hex(signing_key(secret, "20150830", "us-east-1", "iam").reveal()),
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}

// One whole request with what each step must give. Made with two other implementations.
struct vector {
  const char* name;
  const char* service;
  const char* region;
  const char* method;
  std::string target;
  http::headers fields;  // with Host, without X-Amz-Date
  std::string body;
  const char* signed_names;
  const char* canonical_hash;
  const char* signature;
};

class Sigv4Vector : public testing::TestWithParam<vector> {};

TEST_P(Sigv4Vector, GivesTheSameTextsAndSignature) {
  const auto& given = GetParam();
  const auto time = amz_date(at(2026, 1, 2, 3, 4, 5));
  const auto scope = credential_scope("20260102", given.region, given.service);
  auto fields = given.fields;
  fields.emplace_back("X-Amz-Date", time);
  const auto headers = canonical_headers(fields);
  EXPECT_EQ(headers.names, given.signed_names);
  const auto canonical =
      canonical_request(given.method, given.target, headers, sha256_hex(given.body));
  EXPECT_EQ(sha256_hex(canonical), given.canonical_hash) << canonical;
  const auto to_sign = string_to_sign(time, scope, canonical);
  EXPECT_EQ(to_sign, "AWS4-HMAC-SHA256\n20260102T030405Z\n" + scope + "\n" + given.canonical_hash);
  const auto key = signing_key(secret, "20260102", given.region, given.service);
  EXPECT_EQ(signature(key, to_sign), given.signature);
}

const std::string body = R"({"a":1})";
const std::string my_function = std::string(functions) + "my-function/invocations";

INSTANTIATE_TEST_SUITE_P(
    All, Sigv4Vector,
    testing::Values(
        vector{"PlainName",
               "lambda",
               "us-east-1",
               "POST",
               my_function,
               {{"Host", "lambda.us-east-1.amazonaws.com"}},
               body,
               "host;x-amz-date",
               "bf10c6e138d8546720feac402f8977006e58dd7019c24db56f9336ed26aec3c0",
               "d096967cc1c04dcc09f1234e26bb41fba13ca3ae7cd1dfab8e6cbf85363945b1"},
        vector{"ArnInThePathAndSessionToken",
               "lambda",
               "us-east-1",
               "POST",
               std::string(functions) +
                   "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Amy-function%3APROD/"
                   "invocations?Qualifier=%24LATEST",
               {{"Host", "lambda.us-east-1.amazonaws.com"},
                {"Content-Type", "application/json"},
                {"X-Amz-Invocation-Type", "RequestResponse"},
                {"X-Amz-Log-Type", "Tail"},
                {"X-Amz-Security-Token", "TOKEN"}},
               body,
               "content-type;host;x-amz-date;x-amz-invocation-type;x-amz-log-type;"
               "x-amz-security-token",
               "a5cc36782f9d2c0e9705699e86ffbeeda6ece3ff4dd8ea9ce520abab852f315e",
               "5a63c888b1af04226f45764beae262a0bf1656c05f3ca9ccf5b0b7c5c0a17cd0"},
        vector{"QueryToBeSorted",
               "lambda",
               "us-east-1",
               "GET",
               "/2015-03-31/functions?MaxItems=50&Marker=a%2Bb%2F%3D",
               {{"Host", "lambda.us-east-1.amazonaws.com"}},
               "",
               "host;x-amz-date",
               "885a44336e794ea8cbbdab9b14c6d5ebd0fa70c6499ad11168de4573221a282b",
               "b5877aa6e850f34ce6a10e9b8027ff59d068a05539f13ea0683c0781278cadbd"},
        vector{"ContentHashSent",
               "lambda",
               "us-east-1",
               "POST",
               my_function,
               {{"Host", "lambda.us-east-1.amazonaws.com"},
                {"Content-Type", "application/json"},
                {"X-Amz-Content-Sha256",
                 "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"}},
               body,
               "content-type;host;x-amz-content-sha256;x-amz-date",
               "53c55ab39bbab2a9f40850bb1d2b3014040a8994d18576edc83c81751760b8c8",
               "c37fc8b987ddb3cce9c427cb40f6b9cfa226440364c628168d07e8979bf44713"},
        vector{"FormToSts",
               "sts",
               "us-east-1",
               "POST",
               "/",
               {{"Host", "sts.us-east-1.amazonaws.com"},
                {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
               "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3A"
               "role%2Fdemo&RoleSessionName=s1",
               "content-type;host;x-amz-date",
               "fae7b6f7c0041f31bb94b5eb7f2ace01da582488eb8033a804de60aa7dd097a5",
               "a07a71fa72aa8ffc6eeeb68eecf87e611bfa41cd3f9b0063128a4a905cfd577e"},
        vector{"FunctionUrl",
               "lambda",
               "eu-central-1",
               "GET",
               "/a%20b?x=1&a=%C3%A9",
               {{"Host", "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws"}},
               "",
               "host;x-amz-date",
               "a8f749324994b126087a0484f7bfb505d502b484250a8a80b1efd440b825c318",
               "472bbfe2043f577dcdad92a74249f8a98edc79eeef04bf31c47a2b74545ca28c"}),
    [](const auto& param) { return std::string(param.param.name); });

http::request invoke_request() {
  http::request out;
  out.method = "POST";
  out.to.host = "lambda.us-east-1.amazonaws.com";
  out.target = my_function;
  out.fields = {{"Content-Type", "application/json"}};
  out.body = body;
  return out;
}

credentials example_keys() {
  credentials keys;
  keys.access_key_id = "AKIDEXAMPLE";
  keys.secret_access_key = secret;
  return keys;
}

std::string header(const http::request& of, std::string_view name) {
  return std::string(http::find_header(of.fields, name).value_or("(none)"));
}

TEST(Signer, PutsTheSignatureOnTheRequest) {
  auto request = invoke_request();
  signer sign;
  sign.sign(request, example_keys(), "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  EXPECT_EQ(header(request, "x-amz-date"), "20260102T030405Z");
  EXPECT_EQ(header(request, "x-amz-content-sha256"),
            "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
  EXPECT_EQ(header(request, "x-amz-security-token"), "(none)");
  EXPECT_EQ(header(request, "authorization"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/lambda/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, "
            "Signature=c37fc8b987ddb3cce9c427cb40f6b9cfa226440364c628168d07e8979bf44713");
}

TEST(Signer, SignsTheSessionTokenAsWell) {
  auto request = invoke_request();
  auto keys = example_keys();
  keys.session_token = secret_string("TOKEN");
  signer sign;
  sign.sign(request, keys, "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  EXPECT_EQ(header(request, "x-amz-security-token"), "TOKEN");
  EXPECT_NE(header(request, "authorization").find(";x-amz-security-token,"), std::string::npos);
}

TEST(Signer, ReplacesAnOldSignature) {
  auto once = invoke_request();
  auto twice = invoke_request();
  signer sign;
  sign.sign(once, example_keys(), "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  sign.sign(twice, example_keys(), "us-east-1", "lambda", at(2025, 1, 2, 3, 4, 5));
  sign.sign(twice, example_keys(), "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  EXPECT_EQ(once.fields, twice.fields);
}

// The signer keeps signing keys; what it keeps must never sign for another secret, day or region.
TEST(Signer, KeepsKeysApart) {
  const auto authorization = [](signer& with, const credentials& keys, const char* region,
                                wall_clock::time_point when) {
    auto request = invoke_request();
    with.sign(request, keys, region, "lambda", when);
    return header(request, "authorization");
  };
  auto other_secret = example_keys();
  other_secret.secret_access_key = secret_string("another");
  signer used;
  const auto noon = at(2026, 1, 2, 12, 0, 0);
  authorization(used, example_keys(), "us-east-1", noon);
  for (const auto& keys : {example_keys(), other_secret}) {
    for (const char* region : {"us-east-1", "eu-west-1"}) {
      for (const auto when : {noon, noon + std::chrono::hours(12), noon}) {
        signer fresh;
        EXPECT_EQ(authorization(used, keys, region, when),
                  authorization(fresh, keys, region, when));
      }
    }
  }
}

TEST(Signer, SignsThePortOfAnUnusualEndpoint) {
  auto usual = invoke_request();
  auto other = invoke_request();
  other.to.port = 8443;
  signer sign;
  sign.sign(usual, example_keys(), "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  sign.sign(other, example_keys(), "us-east-1", "lambda", at(2026, 1, 2, 3, 4, 5));
  EXPECT_NE(header(usual, "authorization"), header(other, "authorization"));
}

}  // namespace
}  // namespace connector::aws
