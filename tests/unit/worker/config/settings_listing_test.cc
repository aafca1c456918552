#include "worker/config/settings_listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "worker/config/load.h"

namespace worker::config {
namespace {

using testing::HasSubstr;

TEST(SettingsListing, ShowsTheValuesInForceWithTheirSource) {
  sources from;
  from.environment = {{"AWS_REGION", "eu-west-1"}, {"AWS_SECRET_ACCESS_KEY", "hush-hush"}};
  const auto text = text_of(load(from).values);
  EXPECT_THAT(text, HasSubstr("aws.region = eu-west-1  (AWS_REGION)\n"));
  EXPECT_THAT(text, HasSubstr("aws.secretKey = ***  (AWS_SECRET_ACCESS_KEY)\n"));
  EXPECT_THAT(text, HasSubstr("jobs.maxActive = 32  (default)\n"));
  EXPECT_THAT(text, HasSubstr("gateway.authority is not set\n"));
  EXPECT_EQ(text.find("hush-hush"), std::string::npos);
}

}  // namespace
}  // namespace worker::config
