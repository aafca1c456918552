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

struct form {
  const char* text;
  const char* target;
  bool tls;
  bool tls_when_insecure;  // and CAMUNDA_INSECURE_CONNECTION=true
};

constexpr form forms[] = {
    {"http://zeebe:1234", "zeebe:1234", false, false},
    {"grpc://zeebe:1234", "zeebe:1234", false, false},
    {"HTTP://Zeebe:1234", "Zeebe:1234", false, false},
    {"http://zeebe", "zeebe:26500", false, false},
    {"http://zeebe/", "zeebe:26500", false, false},
    {"grpc://zeebe", "zeebe:26500", false, false},
    {"zeebe:1234", "zeebe:1234", true, false},
    {"zeebe", "zeebe:26500", true, false},
    {"zeebe-gateway.camunda.svc:26500", "zeebe-gateway.camunda.svc:26500", true, false},
    {"zeebe:26500/", "zeebe:26500", true, false},
    {"127.0.0.1:26500", "127.0.0.1:26500", true, false},
    {"127.0.0.1", "127.0.0.1:26500", true, false},
    {"[::1]:1234", "[::1]:1234", true, false},
    {"[2001:db8::7]", "[2001:db8::7]:26500", true, false},
    {"http://[::1]", "[::1]:26500", false, false},
    {"http://[2001:db8::7]:26500/", "[2001:db8::7]:26500", false, false},
};

TEST(GatewayAddress, HasManyForms) {
  for (const auto& each : forms) {
    const auto plain = good(each.text);
    EXPECT_EQ(plain.target, each.target) << each.text;
    EXPECT_EQ(plain.tls, each.tls) << each.text;
    const auto insecure = good(each.text, true);
    EXPECT_EQ(insecure.target, each.target) << each.text;
    EXPECT_EQ(insecure.tls, each.tls_when_insecure) << each.text;
    EXPECT_EQ(plain.has_scheme, std::string(each.text).find("://") != std::string::npos);
  }
}

constexpr form forms_of_tls[] = {
    {"https://zeebe:1234", "zeebe:1234", true, false},
    {"grpcs://zeebe:443", "zeebe:443", true, false},
    {"https://x.bru-2.zeebe.camunda.io", "x.bru-2.zeebe.camunda.io:443", true, false},
    {"https://x.bru-2.zeebe.camunda.io:443/", "x.bru-2.zeebe.camunda.io:443", true, false},
    {"https://[::1]", "[::1]:443", true, false},
    {"GrpcS://zeebe", "zeebe:26500", true, false},
};

// TLS by scheme and a connection that is said to be insecure contradict each other.
TEST(GatewayAddress, OfTlsIsRefusedWhenTheConnectionIsSaidToBeInsecure) {
  for (const auto& each : forms_of_tls) {
    EXPECT_EQ(good(each.text).target, each.target) << each.text;
    EXPECT_TRUE(good(each.text).tls) << each.text;
    EXPECT_TRUE(refused(each.text, true)) << each.text;
  }
}

TEST(GatewayAddress, RefusesWhatIsMoreOrLessThanAnAddress) {
  for (const auto* text : {"",
                           "http://",
                           ":26500",
                           "http://user:secret@host",
                           "http://host/path",
                           "http://host?x=1",
                           "ftp://host",
                           "host:99999",
                           "host:port",
                           "host:0",
                           "http://host#a",
                           "a b",
                           "http://a%20b",
                           "::1",
                           "[::1",
                           "http://::1:26500",
                           "host:",
                           "http://[fe80::1%25eth0]:26500",
                           "unix:///run/zeebe",
                           "dns:///host:1",
                           "host/path",
                           "http://host//"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
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
