#include "connector/lambda/function_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace connector::lambda {
namespace {

using namespace std::string_literals;

struct good_name {
  const char* text;
  const char* region;
  const char* account;
  const char* name;
  const char* qualifier;
};

TEST(FunctionName, IsTakenInEveryFormThatLambdaTakes) {
  const std::vector<good_name> names = {
      {"my-function", "", "", "my-function", ""},
      {"my.function", "", "", "my.function", ""},
      {"my-function:PROD", "", "", "my-function", "PROD"},
      {"my-function:1", "", "", "my-function", "1"},
      {"my-function:$LATEST", "", "", "my-function", "$LATEST"},
      {"my-function:$LATEST.PUBLISHED", "", "", "my-function", "$LATEST.PUBLISHED"},
      {"function", "", "", "function", ""},
      {"function:my-function:v1", "", "", "my-function", "v1"},
      {"123456789012:my-function", "", "123456789012", "my-function", ""},
      {"123456789012:function:my-function", "", "123456789012", "my-function", ""},
      {"us-east-1:123456789012:function:f", "us-east-1", "123456789012", "f", ""},
      {"arn:aws:lambda:us-east-1:123456789012:function:f", "us-east-1", "123456789012", "f", ""},
      {"arn:aws:lambda:us-east-1:123456789012:function:f:PROD", "us-east-1", "123456789012", "f",
       "PROD"},
      {"arn:aws-cn:lambda:cn-north-1:123456789012:function:f", "cn-north-1", "123456789012", "f",
       ""},
      // The published pattern refuses this partition; the service does not.
      {"arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:f", "eusc-de-east-1",
       "123456789012", "f", ""},
      {"123456789012", "", "", "123456789012", ""},
      {"\xC3\xBC", "", "", "\xC3\xBC", ""},
  };
  for (const auto& expected : names) {
    const auto found = parse_function_name(expected.text);
    ASSERT_TRUE(found) << expected.text << ": " << found.error().message;
    EXPECT_EQ(found->region, expected.region) << expected.text;
    EXPECT_EQ(found->account, expected.account) << expected.text;
    EXPECT_EQ(found->name, expected.name) << expected.text;
    EXPECT_EQ(found->qualifier, expected.qualifier) << expected.text;
  }
}

TEST(FunctionName, CannotLeadAnywhereElse) {
  for (const std::string& bad : {""s,
                                 "../secrets"s,
                                 "a/b"s,
                                 "a\\b"s,
                                 ".."s,
                                 "."s,
                                 "a..b"s,
                                 "f?x=1"s,
                                 "f#x"s,
                                 "a%2fb"s,
                                 ":"s,
                                 "a:"s,
                                 ":a"s,
                                 "a::b"s,
                                 "a:b:c"s,
                                 "a:b:c:d:e:f:g:h:i"s,
                                 std::string(257, 'a'),
                                 "evil.com#:123456789012:function:f"s,
                                 "arn:aws:lambda:us-east-1:123456789012"s,
                                 "arn:aws:s3:us-east-1:123456789012:function:f"s,
                                 "arn:aws:lambda:x.evil.com:123456789012:function:f"s,
                                 "arn:aws:lambda:us-east-1:12345:function:f"s,
                                 "arn:aws:lambda:us-east-1:123456789012:layer:f"s,
                                 "arn:aws:lambda:us-east-1:123456789012:function:f:1:2"s}) {
    const auto found = parse_function_name(bad);
    ASSERT_FALSE(found) << bad;
    EXPECT_EQ(found.error().code, error_code::invalid_input) << bad;
    EXPECT_TRUE(found.error().message.starts_with("functionName: ")) << found.error().message;
  }
}

}  // namespace
}  // namespace connector::lambda
