#include "worker/config/listen_address.h"

#include <gtest/gtest.h>

namespace worker::config {
namespace {

TEST(ListenAddress, PortAloneMeansAllInterfaces) {
  for (const auto* text : {"8080", ":8080"}) {
    const auto parsed = parse_listen_address(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_TRUE(parsed->on);
    EXPECT_EQ(parsed->host, "");
    EXPECT_EQ(parsed->port, 8080);
  }
}

TEST(ListenAddress, AddressesOfBothFamiliesAndLocalhost) {
  EXPECT_EQ(parse_listen_address("127.0.0.1:0")->host, "127.0.0.1");
  EXPECT_EQ(parse_listen_address("[::1]:9600")->host, "::1");
  EXPECT_EQ(parse_listen_address("[::1]:9600")->port, 9600);
  EXPECT_EQ(parse_listen_address("localhost:9600")->host, "localhost");
}

TEST(ListenAddress, OffIsOff) { EXPECT_FALSE(parse_listen_address("off")->on); }

TEST(ListenAddress, EverythingElseIsRefused) {
  for (const auto* text : {"", ":", "on", "65536", "-1", "80x", "host:80", "127.0.0.1", "::1:80",
                           "[127.0.0.1]:80", "http://127.0.0.1:80", "tcp://10.0.0.1:80", "[]:80"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

}  // namespace
}  // namespace worker::config
