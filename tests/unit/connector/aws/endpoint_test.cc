#include "connector/aws/endpoint.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/base/regions.h"

namespace connector::aws {
namespace {

TEST(Region, IsOneHostLabel) {
  for (const std::string good : {"us-east-1", "eusc-de-east-1", "xx-new-9", "a", "local"}) {
    EXPECT_TRUE(is_region(good)) << good;
  }
  EXPECT_TRUE(is_region(std::string(63, 'a')));
}

TEST(Region, CannotChangeTheHost) {
  const std::vector<std::string> bad = {"",
                                        "x.evil.com",
                                        "x.evil.com#",
                                        "us-east-1/",
                                        "us-east-1:80",
                                        "a@b",
                                        "US-EAST-1",
                                        "us east 1",
                                        "-us",
                                        "us-",
                                        "us_east_1",
                                        "us-east-1\r\n",
                                        "\xC3\xA9u",
                                        "%2e",
                                        "us-east-1?",
                                        "[::1]",
                                        std::string(64, 'a'),
                                        std::string("us\0east", 7)};
  for (const auto& region : bad) {
    EXPECT_FALSE(is_region(region)) << region;
    const auto made = regional_endpoint("lambda", region);
    ASSERT_FALSE(made) << region;
    EXPECT_EQ(made.error().code, error_code::invalid_input);
  }
}

TEST(RegionalEndpoint, FollowsThePartitions) {
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"us-east-1", "lambda.us-east-1.amazonaws.com"},
      {"mx-central-1", "lambda.mx-central-1.amazonaws.com"},
      {"cn-north-1", "lambda.cn-north-1.amazonaws.com.cn"},
      {"us-gov-west-1", "lambda.us-gov-west-1.amazonaws.com"},
      {"us-iso-east-1", "lambda.us-iso-east-1.c2s.ic.gov"},
      {"us-isob-east-1", "lambda.us-isob-east-1.sc2s.sgov.gov"},
      {"eu-isoe-west-1", "lambda.eu-isoe-west-1.cloud.adc-e.uk"},
      {"us-isof-south-1", "lambda.us-isof-south-1.csp.hci.ic.gov"},
      {"eusc-de-east-1", "lambda.eusc-de-east-1.amazonaws.eu"},
      // An unknown region belongs to the public partition.
      {"zz-somewhere-7", "lambda.zz-somewhere-7.amazonaws.com"},
  };
  for (const auto& [region, host] : expected) {
    const auto made = regional_endpoint("lambda", region);
    ASSERT_TRUE(made) << region;
    EXPECT_EQ(made->to, (http::destination{true, host, 443}));
    EXPECT_EQ(made->base_path, "");
  }
}

TEST(ConfiguredEndpoint, IsTakenApart) {
  const auto plain = parse_endpoint("http://localhost:4566");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->to, (http::destination{false, "localhost", 4566}));
  EXPECT_EQ(plain->base_path, "");

  const auto with_path = parse_endpoint("https://proxy.example.com/aws/lambda%20x/");
  ASSERT_TRUE(with_path);
  EXPECT_EQ(with_path->to, (http::destination{true, "proxy.example.com", 443}));
  EXPECT_EQ(with_path->base_path, "/aws/lambda%20x");

  const auto literal = parse_endpoint("https://[::1]:8443/");
  ASSERT_TRUE(literal);
  EXPECT_EQ(literal->to, (http::destination{true, "::1", 8443}));

  EXPECT_EQ(parse_endpoint("http://10.0.0.1")->to, (http::destination{false, "10.0.0.1", 80}));
}

TEST(ConfiguredEndpoint, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "write it like"},
      {"localhost:4566", "scheme"},
      {"lambda.example.com", "write it like"},
      {"ftp://x", "scheme"},
      {"https://", "host"},
      {"https://x:0", "port"},
      {"https://x:99999", ""},
      {"https://x?a=b", "query"},
      {"https://x#a", "fragment"},
      {"https://x/a/../b", "dot segments"},
      {"https://x/a b", "write it like"},
  };
  for (const auto& [url, why] : wrong) {
    const auto made = parse_endpoint(url);
    ASSERT_FALSE(made) << url;
    EXPECT_NE(made.error().message.find(why), std::string::npos) << made.error().message;
  }
}

TEST(ConfiguredEndpoint, NeverRepeatsAPassword) {
  const auto made = parse_endpoint("https://user:hunter2@x");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace connector::aws
