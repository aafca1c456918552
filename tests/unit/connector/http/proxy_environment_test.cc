// The proxy variables: which URLs are taken, what goes past the proxy, and that no password shows.
#include "connector/http/proxy_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/base64.h"

namespace connector::http {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

proxy_environment from(std::string url, std::string_view no_proxy = "") {
  auto read = read_proxy_environment(secret_string(std::move(url)), "HTTPS_PROXY", no_proxy);
  EXPECT_TRUE(read) << read.error().message;
  return read ? *read : proxy_environment{};
}

std::string refusal(std::string url) {
  const auto read = read_proxy_environment(secret_string(std::move(url)), "https_proxy", "");
  return read ? "taken" : read.error().message;
}

// "direct", or the proxy's name.
std::string way_to(const destination& to, std::string_view no_proxy,
                   const std::string& url = "http://proxy.corp:3128") {
  const auto by = proxy_for(from(url, no_proxy), to);
  return by ? name_of(*by) : "direct";
}

constexpr auto direct = "direct";
constexpr auto through = "proxy.corp:3128";
const destination lambda{true, "lambda.eu-central-1.amazonaws.com", 443};

TEST(ProxyEnvironment, WithoutVariablesEverythingIsDirect) {
  EXPECT_EQ(proxy_for(from(""), lambda), std::nullopt);
  EXPECT_EQ(describe(from("")), "");
}

TEST(ProxyEnvironment, TakesUrlsAsPeopleWriteThem) {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"http://proxy.corp:3128", "proxy.corp:3128"},
      {"http://Proxy.Corp:3128/", "proxy.corp:3128"},
      {"proxy.corp:8080", "proxy.corp:8080"},
      {"HTTP://proxy.corp", "proxy.corp:80"},
      {"https://proxy.corp", "https://proxy.corp:443"},
      {"http://10.1.2.3:3128", "10.1.2.3:3128"},
      {"http://[fd00::1]:3128", "[fd00::1]:3128"},
      {"http://[fd00::1]", "[fd00::1]:80"},
      {"http://u:p@[fd00::1]:3128", "[fd00::1]:3128"}};
  for (const auto& [url, expected] : all) {
    EXPECT_EQ(way_to(lambda, "", url), expected) << url;
  }
}

TEST(ProxyEnvironment, UserInformationIsDecodedAndSentAsBasic) {
  const std::vector<std::pair<std::string, std::string>> all = {
      {"http://user:pass@p:1", "user:pass"},
      {"http://us%40er:p%3Aa%2Fs%25@p:1", "us@er:p:a/s%"},
      {"http://user:p@ss@p:1", "user:p@ss"},
      {"http://user:@p:1", "user:"},
      {"http://user@p:1", "user:"},
      {"user:pa:ss@p:1", "user:pa:ss"},
      {"http://user:p%C3%A4ss@p:1", "user:p\xc3\xa4ss"}};
  for (const auto& [url, pair] : all) {
    const auto found = from(url);
    ASSERT_TRUE(found.by) << url;
    EXPECT_EQ(found.by->authorization.reveal(), "Basic " + base64_encode(pair)) << url;
    EXPECT_EQ(found.by->host, "p");
    EXPECT_EQ(describe(found), "p:1 (HTTPS_PROXY)");
  }
  EXPECT_TRUE(from("http://p:1").by->authorization.empty());
  EXPECT_TRUE(from("http://@p:1").by->authorization.empty());
}

TEST(ProxyEnvironment, WhatIsNoProxyIsRefusedWithoutItsPassword) {
  for (const char* url :
       {"socks5://user:hidden@p:1", "ftp://p", "http://user:hidden@", "http://", ":3128",
        "http://user:hidden@p:0", "http://user:hidden@p:65536", "http://user:hidden@p:x",
        "http://p:1/path", "http://user:hid/den@p:1", "http://p:1?hidden", "http://user:hid%zz@p:1",
        "http://user:hidden%0d%0aX@p:1", "http://us%3Aer:hidden@p:1", "http://[::1:3128",
        "http://[::1]x", "http://a b:1", "http://p\r\nX: hidden:1"}) {
    EXPECT_THAT(refusal(url), AllOf(HasSubstr("https_proxy: "), HasSubstr("http://host:port"),
                                    Not(HasSubstr("hidden")), Not(HasSubstr("hid"))))
        << url;
  }
}

TEST(ProxyEnvironment, NamesGoPastItWithWhatIsBelowThem) {
  for (const char* entry : {"amazonaws.com", ".amazonaws.com", "*.amazonaws.com", "AmazonAWS.com.",
                            "lambda.eu-central-1.amazonaws.com", "x, amazonaws.com",
                            "x amazonaws.com", "*", "a,*", "amazonaws.com:443", ".com"}) {
    EXPECT_EQ(way_to(lambda, entry), direct) << entry;
  }
  for (const char* entry : {"", "naws.com", "eu-central-1", "amazonaws.com:8443", "amazonaws.co",
                            "x.lambda.eu-central-1.amazonaws.com", "10.0.0.0/8", ",,", ".", "*.",
                            "amazonaws.com:x", "http://amazonaws.com"}) {
    EXPECT_EQ(way_to(lambda, entry), through) << entry;
  }
  EXPECT_EQ(way_to({true, "LAMBDA.Amazonaws.COM.", 443}, "amazonaws.com"), direct);
}

TEST(ProxyEnvironment, AddressesGoPastItAloneAndByNetwork) {
  const destination v4{true, "10.1.2.3", 443};
  for (const char* entry : {"10.1.2.3", "10.0.0.0/8", "10.1.2.2/31", "0.0.0.0/0", "10.1.2.3:443",
                            "::ffff:10.1.2.3", "10.1.2.3/32"}) {
    EXPECT_EQ(way_to(v4, entry), direct) << entry;
  }
  for (const char* entry : {"10.1.2.4", "10.1.2.4/31", "11.0.0.0/8", "10.1.2.3:80", "10.0.0.0/33",
                            "10.0.0.0/", "10.0.0.0/x", "::/0", "2.3", ".3"}) {
    EXPECT_EQ(way_to(v4, entry), through) << entry;
  }
  const destination v6{true, "2001:db8::5", 443};
  for (const char* entry :
       {"2001:db8::5", "[2001:db8::5]", "[2001:db8::5]:443", "2001:db8::/32", "2001:DB8:0::5"}) {
    EXPECT_EQ(way_to(v6, entry), direct) << entry;
  }
  for (const char* entry : {"2001:db8::6", "[2001:db8::5]:80", "2001:db9::/32", "[2001:db8::5"}) {
    EXPECT_EQ(way_to(v6, entry), through) << entry;
  }
}

TEST(ProxyEnvironment, ThisMachineAndMetadataServicesAreNeverAskedForThroughIt) {
  for (const char* host :
       {"localhost", "LOCALHOST", "api.localhost", "127.0.0.1", "127.8.9.1", "::1",
        "169.254.169.254", "169.254.170.2", "fd00:ec2::254", "fe80::1", "::ffff:127.0.0.1"}) {
    EXPECT_EQ(way_to({true, host, 443}, ""), direct) << host;
  }
  // Plain HTTP is a metadata service or a stand-in.
  EXPECT_EQ(way_to({false, "metadata.example", 80}, ""), direct);
  EXPECT_EQ(way_to({true, "localhost.example", 443}, ""), through);
  EXPECT_EQ(way_to({true, "10.0.0.1", 443}, ""), through);
}

TEST(ProxyEnvironment, AListWithoutEndIsBounded) {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "h" + std::to_string(i) + ",";
  EXPECT_LE(from("http://p:1", many).except.size(), 1000U);
}

}  // namespace
}  // namespace connector::http
