// URLs of metadata services and token servers.
#include "connector/http/url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace connector::http {
namespace {

TEST(HttpUrl, GivesDestinationAndTarget) {
  const auto plain = read_url("http://169.254.170.23/v1/credentials?a=b%20c");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->to, (destination{false, "169.254.170.23", 80}));
  EXPECT_EQ(plain->target, "/v1/credentials?a=b%20c");
  const auto six = read_url("http://[fd00:ec2::23]:8080");
  ASSERT_TRUE(six);
  EXPECT_EQ(six->to, (destination{false, "fd00:ec2::23", 8080}));
  EXPECT_EQ(six->target, "/");
  EXPECT_EQ(shown(six->to), "http://[fd00:ec2::23]:8080");
  const auto secure = read_url("https://keys.example?x");
  ASSERT_TRUE(secure);
  EXPECT_EQ(secure->to, (destination{true, "keys.example", 443}));
  EXPECT_EQ(secure->target, "/?x");
  EXPECT_EQ(shown(secure->to), "https://keys.example");
}

// Boost.URL ends such a host behind the address.
TEST(HttpUrl, NamesThatBeginWithAnAddressAreNames) {
  const std::vector<std::pair<std::string, destination>> rows = {
      {"http://10.0.0.1.nip.example:8080/a", {false, "10.0.0.1.nip.example", 8080}},
      {"https://127.0.0.1x/a", {true, "127.0.0.1x", 443}},
      {"https://1.2.3.4./a", {true, "1.2.3.4.", 443}},
      {"https://1.2.3.4-a:1/a", {true, "1.2.3.4-a", 1}},
      {"https://10.0.0.1:1/a", {true, "10.0.0.1", 1}},
      {"https://1a.example/a", {true, "1a.example", 443}},
  };
  for (const auto& [text, to] : rows) {
    const auto read = read_url(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->to, to) << text;
    EXPECT_EQ(read->target, "/a") << text;
  }
}

TEST(HttpUrl, SaysWhatIsWrongAndRepeatsNothing) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "no URL"},
      {"/v2/private", "no URL"},
      {"http://a b/private", "no URL"},
      {"http://a/private\r\nX: y", "no URL"},
      {"ftp://private/", "scheme"},
      {"http://private@host/", "user name"},
      {"http://host/private#x", "fragment"},
      {"http:///private", "host"},
      {"http://private:0/", "port"},
      {"http://private:99999/", "port"},
      {"http://private/" + std::string(3000, 'a'), "too long"},
  };
  for (const auto& [url, words] : rows) {
    const auto read = read_url(url);
    ASSERT_FALSE(read) << url;
    EXPECT_NE(read.error().find(words), std::string::npos) << url << ": " << read.error();
    EXPECT_EQ(read.error().find("private"), std::string::npos);
  }
}

TEST(HttpUrl, TargetsAreOneWordThatBeginsWithASlash) {
  for (const char* good : {"/", "/v2/credentials/1", "/a?b=c&d", "//x"}) {
    EXPECT_TRUE(is_request_target(good)) << good;
  }
  for (const char* bad :
       {"", "v2", "@evil.example/", "/a b", "/a\r\nHost: x", "/a#b", "/\x7f", "/\xc3\xa4"}) {
    EXPECT_FALSE(is_request_target(bad)) << bad;
  }
}

}  // namespace
}  // namespace connector::http
