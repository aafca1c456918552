#include "worker/program/endpoint_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace worker::program {
namespace {

using connector::allow_list;
using connector::http::destination;
using testing::HasSubstr;
using testing::ThrowsMessage;

bool may(const connector::http::address_check& check, const destination& to, const char* address) {
  return check(to, boost::asio::ip::make_address(address));
}

TEST(EndpointChoices, ComeFromTheSettings) {
  config::aws_settings aws;
  aws.endpoint = "http://localhost:4566";
  aws.sts_endpoint = "https://sts.internal/base";
  auto choices = endpoint_choices_of(aws);
  EXPECT_EQ(service_endpoint("lambda", "eu-west-1", choices)->to.port, 4566);
  EXPECT_EQ(service_endpoint("sts", "eu-west-1", choices)->base_path, "/base");
  aws.ignore_endpoints = true;
  aws.dual_stack = true;
  choices = endpoint_choices_of(aws);
  EXPECT_EQ(service_endpoint("sts", "eu-west-1", choices)->to.host, "sts.eu-west-1.api.aws");
}

TEST(EndpointChoices, NameTheSettingThatIsWrong) {
  config::aws_settings aws;
  aws.roles_anywhere_endpoint = "https://x/../y";
  EXPECT_THAT([&] { endpoint_choices_of(aws); },
              ThrowsMessage<std::runtime_error>(HasSubstr("AWS_ENDPOINT_URL_ROLESANYWHERE")));
  aws.roles_anywhere_endpoint = "https://x";
  aws.fips = true;
  EXPECT_THAT([&] { endpoint_choices_of(aws); },
              ThrowsMessage<std::runtime_error>(HasSubstr("AWS_USE_FIPS_ENDPOINT")));
}

TEST(AddressCheck, LetsPrivateAddressesOnlyToWhatTheOperatorOrAwsNames) {
  config::aws_settings aws;
  aws.lambda_endpoint = "http://localhost:4566";
  config::policy_settings policy;
  policy.everywhere.hosts =
      std::make_shared<const allow_list>(std::get<allow_list>(allow_list::make(
          allow_list::about::hosts, "ALLOWED_HOSTS", {"*.example", "https://written.out:*"})));
  const auto check = address_check_of(endpoint_choices_of(aws), policy);
  EXPECT_TRUE(may(check, {false, "localhost", 4566}, "127.0.0.1"));
  EXPECT_TRUE(may(check, {true, "lambda.eu-west-1.amazonaws.com", 443}, "10.0.0.7"));
  EXPECT_TRUE(may(check, {true, "written.out", 8443}, "10.0.0.7"));
  EXPECT_TRUE(may(check, {true, "a.example", 443}, "93.184.216.34"));
  for (const char* address : {"10.0.0.7", "127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:7",
                              "169.254.169.254", "100.64.0.1", "fd12::1", "0.0.0.0"}) {
    EXPECT_FALSE(may(check, {true, "a.example", 443}, address)) << address;
  }
  EXPECT_FALSE(may(check, {false, "written.out", 80}, "10.0.0.7"));
  EXPECT_FALSE(may(check, {true, "written.out", 443}, "169.254.169.254"));
}

}  // namespace
}  // namespace worker::program
