#include "connector/base/ip_address.h"

#include <gtest/gtest.h>

#include <string>

namespace connector {
namespace {

TEST(IpAddress, IsTheWholeText) {
  for (const char* address : {"10.0.0.1", "::1", "fd00:ec2::23", "::ffff:10.0.0.1"}) {
    const auto found = ip_address_of(address);
    ASSERT_TRUE(found) << address;
    EXPECT_EQ(found->to_string(), address);
  }
  for (const char* none :
       {"", "localhost", "[::1]", "10.0.0.1:80", "10.0.0", "10.0.0.256", " ::1", "::1 "}) {
    EXPECT_FALSE(ip_address_of(none)) << none;
  }
}

TEST(IpAddress, DoesNotEndAtAZeroByte) {
  using namespace std::string_view_literals;
  EXPECT_FALSE(ip_address_of("127.0.0.1\0.example.com"sv));
  EXPECT_FALSE(ip_address_of("::1\0"sv));
}

}  // namespace
}  // namespace connector
