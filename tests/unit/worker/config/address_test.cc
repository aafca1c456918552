#include "worker/config/address.h"

#include <gtest/gtest.h>

namespace worker::config {
namespace {

gateway_address good(std::string_view text, bool insecure = false) {
  auto parsed = parse_gateway_address(text, insecure);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    ADD_FAILURE() << text << ": " << *wrong;
    return {};
  }
  return std::get<gateway_address>(parsed);
}

bool refused(std::string_view text, bool insecure = false) {
  return std::holds_alternative<std::string>(parse_gateway_address(text, insecure));
}

TEST(GatewayAddress, TakesTlsFromTheScheme) {
  EXPECT_FALSE(good("http://zeebe:26500").tls);
  EXPECT_FALSE(good("grpc://zeebe:26500").tls);
  EXPECT_TRUE(good("https://zeebe:443").tls);
  EXPECT_TRUE(good("grpcs://zeebe:443").tls);
  EXPECT_FALSE(good("http://zeebe:26500", true).tls);
}

TEST(GatewayAddress, IsTlsWithoutSchemeUnlessInsecure) {
  EXPECT_TRUE(good("zeebe:26500").tls);
  EXPECT_FALSE(good("zeebe:26500", true).tls);
  EXPECT_FALSE(good("zeebe:26500").has_scheme);
}

TEST(GatewayAddress, TakesHostAndPortApart) {
  EXPECT_EQ(good("http://zeebe:1234").target, "zeebe:1234");
  EXPECT_EQ(good("http://zeebe/").target, "zeebe:26500");
  EXPECT_EQ(good("https://x.zeebe.example").target, "x.zeebe.example:443");
  EXPECT_EQ(good("grpcs://zeebe").target, "zeebe:26500");
  EXPECT_EQ(good("zeebe-gateway").target, "zeebe-gateway:26500");
  EXPECT_EQ(good("http://[::1]:26500").target, "[::1]:26500");
  EXPECT_EQ(good("127.0.0.1:26500").target, "127.0.0.1:26500");
}

TEST(GatewayAddress, RefusesWhatIsMoreOrLessThanAnAddress) {
  for (const auto* text : {"", "http://", ":26500", "http://user:secret@host", "http://host/path",
                           "http://host?x=1", "ftp://host", "host:99999", "host:port", "host:0",
                           "http://host#a", "a b", "http://a%20b"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

TEST(GatewayAddress, RefusesTlsThatIsAlsoSaidToBeInsecure) {
  EXPECT_TRUE(refused("https://host:443", true));
}

TEST(HttpUrl, AllowsHostPortAndPathOnly) {
  EXPECT_TRUE(parse_http_url("https://lambda.eu-west-1.amazonaws.com"));
  EXPECT_TRUE(parse_http_url("http://127.0.0.1:4566/base"));
  for (const auto* text : {"", "host", "ftp://host", "http://u@host", "http://host?x", "http://"}) {
    EXPECT_FALSE(parse_http_url(text)) << text;
  }
}

}  // namespace
}  // namespace worker::config
