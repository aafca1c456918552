// How the variables of EC2's metadata are read, and what its answers may hold.
#include "connector/aws/credentials/metadata/imds_settings.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/metadata/imds_answer.h"

namespace connector::aws {
namespace {

using environment = std::map<std::string, std::string, std::less<>>;

imds_settings_result read(const environment& from) {
  return imds_settings_of([&from](std::string_view name) -> std::optional<std::string> {
    const auto found = from.find(name);
    if (found == from.end()) return std::nullopt;
    return found->second;
  });
}

TEST(ImdsSettings, AreVersionTwoOverIpv4WithoutVariables) {
  const auto got = read({});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->to, (http::destination{false, "169.254.169.254", 80}));
  EXPECT_EQ(got->base_path, "");
  EXPECT_TRUE(got->implied);
  EXPECT_FALSE(got->version_1);
  EXPECT_EQ(got->limits.attempts, 1);
  EXPECT_EQ(got->limits.answer, std::chrono::seconds(1));
}

TEST(ImdsSettings, FollowTheVariables) {
  EXPECT_EQ(read({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}})->to.host, "fd00:ec2::254");
  EXPECT_EQ(read({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv4"}})->to.host, "169.254.169.254");
  const auto own = read({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[::1]:9911/base/"},
                         {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv4"},
                         {"AWS_METADATA_SERVICE_TIMEOUT", "5"},
                         {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3"},
                         {"AWS_EC2_METADATA_V1_DISABLED", "False"}});
  ASSERT_TRUE(own);
  EXPECT_FALSE(own->implied);
  EXPECT_EQ(own->to, (http::destination{false, "::1", 9911}));
  EXPECT_EQ(own->base_path, "/base");
  EXPECT_EQ(own->limits.connect, std::chrono::seconds(5));
  EXPECT_EQ(own->limits.answer, std::chrono::seconds(5));
  EXPECT_EQ(own->limits.attempts, 3);
  EXPECT_TRUE(own->version_1);
  EXPECT_FALSE(read({{"AWS_EC2_METADATA_V1_DISABLED", "true"}})->version_1);
}

TEST(ImdsSettings, ADisabledServiceIsNotConfigured) {
  for (const char* yes : {"true", "TRUE", "True"}) {
    const auto got = read(
        {{"AWS_EC2_METADATA_DISABLED", yes}, {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "nonsense"}});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().reason, source_failure::kind::not_configured);
  }
  for (const char* no : {"false", "", "1"}) {
    EXPECT_TRUE(read({{"AWS_EC2_METADATA_DISABLED", no}})) << no;
  }
}

TEST(ImdsSettings, NameTheVariableThatCannotBeUsed) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "169.254.169.254"},
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://host/?q"},
      {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"},
      {"AWS_METADATA_SERVICE_TIMEOUT", "0"},
      {"AWS_METADATA_SERVICE_TIMEOUT", "1s"},
      {"AWS_METADATA_SERVICE_TIMEOUT", "61"},
      {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "-1"},
      {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "11"},
  };
  for (const auto& [name, value] : rows) {
    const auto got = read({{name, value}});
    ASSERT_FALSE(got) << name << "=" << value;
    EXPECT_EQ(got.error().reason, source_failure::kind::rejected);
    EXPECT_EQ(got.error().message.find(name), 0U) << got.error().message;
  }
}

http::response with(const std::string& body, const std::string& life = "") {
  http::response answer{200, {}, body};
  if (!life.empty()) answer.fields.emplace_back("x-aws-ec2-metadata-token-ttl-seconds", life);
  return answer;
}

TEST(ImdsAnswer, ATokenMustFitIntoAHeader) {
  EXPECT_EQ(imds_token_of(with("AQAE==\n")), "AQAE==");
  for (const std::string bad : {"", " \n", "a b", "a\r\nX: y", "\xc3\xa4"}) {
    EXPECT_FALSE(imds_token_of(with(bad))) << bad;
  }
  EXPECT_TRUE(imds_token_of(with(std::string(1024, 'a'))));
  EXPECT_FALSE(imds_token_of(with(std::string(1025, 'a'))));
}

TEST(ImdsAnswer, ATokenLivesAsLongAsItSaysAtMostSixHours) {
  EXPECT_EQ(imds_token_life(with("t", "300")), std::chrono::seconds(240));
  EXPECT_EQ(imds_token_life(with("t", "30")), std::chrono::seconds(0));
  for (const char* text : {"", "99999999", "999999999999999999999", "-5", "soon"}) {
    EXPECT_EQ(imds_token_life(with("t", text)), std::chrono::seconds(21540)) << text;
  }
}

TEST(ImdsAnswer, ARoleIsTheFirstLineAndANameOfARole) {
  EXPECT_EQ(imds_role_of("worker-role"), "worker-role");
  EXPECT_EQ(imds_role_of("\r\na_b+c=d,e.f@g-h\r\nsecond\n"), "a_b+c=d,e.f@g-h");
  EXPECT_TRUE(imds_role_of(std::string(64, 'r')));
  for (const std::string bad :
       {"", "\n", "..", ".", "a/../../x", "a b", "<html>", "a?b", "%2e%2e"}) {
    EXPECT_FALSE(imds_role_of(bad)) << bad;
  }
  EXPECT_FALSE(imds_role_of(std::string(65, 'r')));
}

TEST(ImdsAnswer, OldCredentialsCountAsGoodForAWhile) {
  using namespace std::chrono_literals;
  const wall_clock::time_point now{1'790'000'000s};
  const random_source none = [] { return 0.0; };
  const random_source most = [] { return 0.9999; };
  EXPECT_EQ(extended_expiry(now - 1h, now, none), now + 17min);
  EXPECT_EQ(extended_expiry(now - 24h * 365, now, none), now + 17min);
  EXPECT_EQ(extended_expiry(now + 17min, now, none), now + 17min);
  EXPECT_FALSE(extended_expiry(now + 17min + 1s, now, none));
  EXPECT_EQ(extended_expiry(now, now, most), now + 24min + 59s);
  EXPECT_FALSE(extended_expiry(now + 6h, now, most));
}

}  // namespace
}  // namespace connector::aws
