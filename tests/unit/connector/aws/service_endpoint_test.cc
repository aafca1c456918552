#include "connector/aws/service_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace connector::aws {
namespace {

using testing::HasSubstr;

std::string host(std::string_view service, std::string_view region, bool fips, bool dual) {
  endpoint_choices how;
  how.fips = fips;
  how.dual_stack = dual;
  const auto found = service_endpoint(service, region, how);
  return found ? found->to.host : found.error().message;
}

endpoint own(const std::string& url) { return *parse_endpoint(url); }

TEST(ServiceEndpoint, KnowsFipsAndDualStackInEveryPartition) {
  struct row {
    const char* region;
    const char* plain;
    const char* fips;
    const char* dual;
    const char* both;
  };
  const std::vector<row> cases = {
      {"eu-central-1", "lambda.eu-central-1.amazonaws.com",
       "lambda-fips.eu-central-1.amazonaws.com", "lambda.eu-central-1.api.aws",
       "lambda-fips.eu-central-1.api.aws"},
      {"us-gov-west-1", "lambda.us-gov-west-1.amazonaws.com",
       "lambda-fips.us-gov-west-1.amazonaws.com", "lambda.us-gov-west-1.api.aws",
       "lambda-fips.us-gov-west-1.api.aws"},
      {"cn-north-1", "lambda.cn-north-1.amazonaws.com.cn",
       "lambda-fips.cn-north-1.amazonaws.com.cn", "lambda.cn-north-1.api.amazonwebservices.com.cn",
       "lambda-fips.cn-north-1.api.amazonwebservices.com.cn"},
      {"us-iso-east-1", "lambda.us-iso-east-1.c2s.ic.gov", "lambda-fips.us-iso-east-1.c2s.ic.gov",
       "lambda.us-iso-east-1.api.aws.ic.gov", "lambda-fips.us-iso-east-1.api.aws.ic.gov"},
      {"us-isob-east-1", "lambda.us-isob-east-1.sc2s.sgov.gov",
       "lambda-fips.us-isob-east-1.sc2s.sgov.gov", "lambda.us-isob-east-1.api.aws.scloud",
       "lambda-fips.us-isob-east-1.api.aws.scloud"},
      {"us-isof-south-1", "lambda.us-isof-south-1.csp.hci.ic.gov",
       "lambda-fips.us-isof-south-1.csp.hci.ic.gov", "lambda.us-isof-south-1.api.aws.hci.ic.gov",
       "lambda-fips.us-isof-south-1.api.aws.hci.ic.gov"},
      {"eu-isoe-west-1", "lambda.eu-isoe-west-1.cloud.adc-e.uk",
       "lambda-fips.eu-isoe-west-1.cloud.adc-e.uk", "lambda.eu-isoe-west-1.api.cloud-aws.adc-e.uk",
       "lambda-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
      {"eusc-de-east-1", "lambda.eusc-de-east-1.amazonaws.eu",
       "lambda-fips.eusc-de-east-1.amazonaws.eu", "lambda.eusc-de-east-1.api.amazonwebservices.eu",
       "lambda-fips.eusc-de-east-1.api.amazonwebservices.eu"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(host("lambda", each.region, false, false), each.plain);
    EXPECT_EQ(host("lambda", each.region, true, false), each.fips);
    EXPECT_EQ(host("lambda", each.region, false, true), each.dual);
    EXPECT_EQ(host("lambda", each.region, true, true), each.both);
    for (const std::string made : {each.plain, each.fips, each.dual, each.both}) {
      EXPECT_TRUE(is_regional_host(made)) << made;
    }
  }
}

TEST(ServiceEndpoint, StsIsRegionalUnlessTheOldWayIsAskedFor) {
  EXPECT_EQ(host("sts", "us-east-1", false, false), "sts.us-east-1.amazonaws.com");
  EXPECT_EQ(host("sts", "us-gov-west-1", true, false), "sts.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(host("sts", "us-gov-west-1", true, true), "sts-fips.us-gov-west-1.api.aws");
  EXPECT_EQ(host("sts", "us-east-1", true, false), "sts-fips.us-east-1.amazonaws.com");
  endpoint_choices legacy;
  legacy.legacy_sts = true;
  const auto old = service_endpoint("sts", "eu-west-1", legacy);
  ASSERT_TRUE(old);
  EXPECT_EQ(old->to.host, "sts.amazonaws.com");
  EXPECT_EQ(old->signing_region, "us-east-1");
  EXPECT_EQ(service_endpoint("sts", "eu-south-1", legacy)->to.host, "sts.eu-south-1.amazonaws.com");
  EXPECT_EQ(service_endpoint("sts", "eu-south-1", legacy)->signing_region, "");
  EXPECT_EQ(service_endpoint("lambda", "eu-west-1", legacy)->to.host,
            "lambda.eu-west-1.amazonaws.com");
  EXPECT_EQ(service_endpoint("sts", "aws-global", {})->to.host, "sts.amazonaws.com");
}

TEST(ServiceEndpoint, OwnOfTheServiceWinsOverOwnOfAll) {
  endpoint_choices how;
  how.of_all = own("http://localhost:4566/all");
  how.of_service["sts"] = own("https://sts.internal");
  EXPECT_EQ(service_endpoint("lambda", "eu-west-1", how)->to.host, "localhost");
  EXPECT_EQ(service_endpoint("lambda", "eu-west-1", how)->base_path, "/all");
  EXPECT_EQ(service_endpoint("sts", "eu-west-1", how)->to.host, "sts.internal");
  EXPECT_FALSE(service_endpoint("sts", "x.evil.com#", how));
}

TEST(ServiceEndpoint, OwnAndFipsOrDualStackContradict) {
  endpoint_choices how;
  how.of_all = own("http://localhost:4566");
  EXPECT_FALSE(contradiction(how));
  how.fips = true;
  EXPECT_THAT(contradiction(how).value_or(""), HasSubstr("AWS_USE_FIPS_ENDPOINT"));
  how.fips = false;
  how.dual_stack = true;
  EXPECT_THAT(contradiction(how).value_or(""), HasSubstr("AWS_USE_DUALSTACK_ENDPOINT"));
  how.of_all.reset();
  EXPECT_FALSE(contradiction(how));
}

TEST(ServiceEndpoint, OnlyHostsThatAwsAloneCanNameAreRegional) {
  for (const std::string other :
       {"ec2-203-0-113-25.eu-west-1.compute.amazonaws.com", "bucket.s3.amazonaws.com",
        "lambda.eu-west-1.amazonaws.com.evil.com", "lambda.eu-west-1.amazonaws.eu",
        "abc.lambda-url.eu-west-1.on.aws", "lambda", "lambda.amazonaws.com", "", ".",
        "x.lambda.eu-west-1.amazonaws.com", "lambda.EU.amazonaws.com"}) {
    EXPECT_FALSE(is_regional_host(other)) << other;
  }
  EXPECT_TRUE(is_regional_host("sts.amazonaws.com"));
}

TEST(MayBePrivate, KnowsRegionalHostsOwnEndpointsAndTheOperatorsList) {
  endpoint_choices how;
  how.of_service["lambda"] = own("http://localhost:4566");
  const auto may = may_be_private(
      how, [](const http::destination& to) { return to.host == "stand-in.internal"; });
  EXPECT_TRUE(may({true, "sts.eu-west-1.amazonaws.com", 443}));
  EXPECT_FALSE(may({false, "sts.eu-west-1.amazonaws.com", 80}));
  EXPECT_TRUE(may({false, "localhost", 4566}));
  EXPECT_FALSE(may({false, "localhost", 22}));
  EXPECT_TRUE(may({true, "stand-in.internal", 443}));
  EXPECT_FALSE(may({true, "abc.lambda-url.eu-west-1.on.aws", 443}));
  EXPECT_FALSE(may_be_private({}, nullptr)({true, "elsewhere", 443}));
}

TEST(EndpointVariable, IsTheServiceInCapitals) {
  EXPECT_EQ(endpoint_variable("rolesanywhere"), "AWS_ENDPOINT_URL_ROLESANYWHERE");
  EXPECT_EQ(endpoint_variable("secretsmanager"), "AWS_ENDPOINT_URL_SECRETS_MANAGER");
}

}  // namespace
}  // namespace connector::aws
