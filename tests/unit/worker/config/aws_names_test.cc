#include "worker/config/aws_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Region, TheShapeDecidesAndNotMembership) {
  for (const char* good : {"us-east-1", "eusc-de-east-1", "mars-north-1", "local", "eu-central1"}) {
    EXPECT_FALSE(region_requirement(good)) << good;
  }
  for (const char* wrong : {"US-EAST-1", "\"us-east-1\"", "'us-east-1'", "us_east_1", "us-east-1 ",
                            "Us-East-1", "\"US-EAST-1"}) {
    EXPECT_THAT(region_requirement(wrong).value_or(""), StartsWith("us-east-1, if that is meant"))
        << wrong;
  }
  for (const char* wrong : {"", "-", "Frankfurt", "https://x", "a.b", "eu-"}) {
    EXPECT_THAT(region_requirement(wrong).value_or(""), StartsWith("a region such as")) << wrong;
  }
  EXPECT_TRUE(region_requirement(std::string(64, 'a')));
  EXPECT_TRUE(region_requirement(std::string(100'000, 'A')));
}

TEST(Region, AnUnknownOneIsNearToAKnownOne) {
  EXPECT_EQ(near_region("us-east-1a"), "us-east-1");
  EXPECT_EQ(near_region("eu-central1"), "eu-central-1");
  EXPECT_EQ(near_region("eu-west1"), "eu-west-1");
  EXPECT_EQ(near_region("eu-cetnral-1"), "eu-central-1");
  EXPECT_FALSE(near_region("mars-north-1"));
  EXPECT_FALSE(near_region("local"));
  EXPECT_TRUE(is_known_region("us-gov-west-1"));
  EXPECT_FALSE(is_known_region("us-gov-west-9"));
}

}  // namespace
}  // namespace worker::config
