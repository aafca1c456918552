#include <gtest/gtest.h>

#include "tests/sandbox/lambda/canonical.h"
#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/function_name.h"
#include "tests/sandbox/lambda/json_check.h"

namespace sandbox {
namespace {

TEST(LambdaCanonical, PathIsNormalisedAndEncodedASecondTime) {
  EXPECT_EQ(canonical_path("").text, "/");
  EXPECT_EQ(canonical_path("/").text, "/");
  EXPECT_EQ(canonical_path("//a/b/../c/").text, "/a/c/");
  EXPECT_EQ(canonical_path("/../a").text, "/a");
  EXPECT_EQ(canonical_path("/a%3Ab").text, "/a%253Ab");
  EXPECT_EQ(canonical_path("/a:b").text, "/a%253Ab");
}

TEST(LambdaCanonical, PathIsRegularOnlyWhenEncodedAsTheServiceWould) {
  EXPECT_TRUE(canonical_path("/a-b_c.d~e%3A%2F%C3%A9/").regular);
  EXPECT_FALSE(canonical_path("/a:b").regular);
  EXPECT_FALSE(canonical_path("/a%3ab").regular);
  EXPECT_FALSE(canonical_path("/a%41b").regular);
  EXPECT_FALSE(canonical_path("/a%3").regular);
}

TEST(LambdaCanonical, QueryIsRecodedAndSorted) {
  EXPECT_EQ(canonical_query("b=2&a=1&b=1&c"), "a=1&b=1&b=2&c=");
  EXPECT_EQ(canonical_query("Marker=a%2Bb%2F%3D&MaxItems=50"), "Marker=a%2Bb%2F%3D&MaxItems=50");
  EXPECT_EQ(canonical_query("q=$LATEST"), "q=%24LATEST");
}

TEST(LambdaCanonical, HeaderValuesAreSqueezedAndJoinedInOrder) {
  const header_views sent{{"My-Header", " b   c "}, {"Host", "h"}, {"my-header", "a"}};
  EXPECT_EQ(canonical_headers(sent, {"host", "my-header"}), "host:h\nmy-header:b c,a\n");
}

TEST(LambdaEncoding, Base64GoesBothWaysAndRefusesRubbish) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "\xff\xfe"}) {
    EXPECT_EQ(base64_decode(base64_encode(text)), text);
  }
  EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
  for (const char* text : {"Zg", "Zg=a", "Z===", "Zm9v\n", "Zm9*"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(LambdaFunctionName, FormsOfTheServiceAreTaken) {
  const auto full =
      parse_function_name("arn:aws:lambda:eusc-de-east-1:123456789012:function:my-function:PROD");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->name, "my-function");
  EXPECT_EQ(full->qualifier, "PROD");
  EXPECT_EQ(full->region, "eusc-de-east-1");
  EXPECT_EQ(full->account_id, "123456789012");
  for (const char* text :
       {"my-function", "my.function", "my-function:1", "my-function:$LATEST",
        "function:my-function", "123456789012:function:my-function",
        "us-east-1:123456789012:function:my-function", "123456789012:my-function:PROD",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"}) {
    EXPECT_TRUE(parse_function_name(text)) << text;
  }
}

TEST(LambdaFunctionName, OtherTextsAreRefused) {
  for (const std::string& text :
       {std::string(), std::string("a b"), std::string("a/b"), std::string("a:b:c"),
        std::string("a:"), std::string("arn:aws:lambda:us-east-1:1:function:f"),
        std::string("arn:aws:s3:us-east-1:123456789012:function:f"), std::string(65, 'a')}) {
    EXPECT_FALSE(parse_function_name(text)) << text;
  }
}

TEST(LambdaJsonCheck, OneValueAndNothingElse) {
  for (const char* text : {"null", " [1, {\"a\": [true]}, -0.5e+3] ", "{}", "[]", "\"\\u00e9\\n\"",
                           "{\"a\":{},\"b\":[]}", "0"}) {
    EXPECT_TRUE(is_json(text)) << text;
  }
  for (const char* text : {"", "nul", "[1,]", "{\"a\"}", "{\"a\":1,}", "01", "1.", "1 2", "\"\t\"",
                           "\"\xff\"", "[1}", "'a'", "\"\\x\"", "{1:2}", "-"}) {
    EXPECT_FALSE(is_json(text)) << text;
  }
  EXPECT_TRUE(is_json(std::string(1000000, '[') + std::string(1000000, ']')));
  EXPECT_FALSE(is_json(std::string(1000000, '[')));
}

}  // namespace
}  // namespace sandbox
