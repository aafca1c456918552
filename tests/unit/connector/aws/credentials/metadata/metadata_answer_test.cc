// The JSON of metadata services: what is taken, and what is said of what is not.
#include "connector/aws/credentials/metadata/metadata_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/base/timestamp.h"

namespace connector::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string good(const std::string& more = "") {
  return R"({"AccessKeyId":"ASIA1","SecretAccessKey":"se/cret+1","Token":"to=ken",)"
         R"("Expiration":"2026-11-21T02:08:01Z")" +
         more + "}";
}

TEST(MetadataAnswer, GivesKeysTokenAndExpiry) {
  const auto read = read_metadata_credentials(good(R"(,"Code":"Success","More":[1,{}])"), "here");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->access_key_id, "ASIA1");
  EXPECT_EQ(read->secret_access_key.reveal(), "se/cret+1");
  EXPECT_EQ(read->session_token.reveal(), "to=ken");
  EXPECT_EQ(timestamp_text(read->expires.value()), "2026-11-21T02:08:01Z");
  EXPECT_EQ(read->source, "here");
}

TEST(MetadataAnswer, IsAwayAndRepeatsNothingWhenItIsWrong) {
  const std::string secret = "se/cret+1";
  const auto without = [](const std::string& part, const std::string& by = "") {
    auto text = good();
    return text.replace(text.find(part), part.size(), by);
  };
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "not a JSON object"},
      {"se/cret+1", "not a JSON object"},
      {"[\"se/cret+1\"]", "not a JSON object"},
      {good() + good(), "not a JSON object"},
      {good(",\"x\":" + std::string(100, '[') + std::string(100, ']')), "not a JSON object"},
      {"{}", "has no AccessKeyId"},
      {without(R"("AccessKeyId":"ASIA1",)"), "has no AccessKeyId"},
      {without(R"("ASIA1")", "\"\""), "has no AccessKeyId"},
      {without(R"("ASIA1")", "7"), "has no AccessKeyId"},
      {without(R"("se/cret+1")", "null"), "has no SecretAccessKey"},
      {without(R"("to=ken")", "{}"), "has no Token"},
      {without(R"("2026-11-21T02:08:01Z")", "1790000000"), "has no Expiration"},
      {without("2026-11-21T02:08:01Z", "tomorrow"), "Expiration of the answer"},
      {without("ASIA1", "ASIA\\r\\nX-Evil: 1"), "AccessKeyId has a line break inside"},
      {without("to=ken", "to\\nken"), "Token has a line break inside"},
      {without("se/cret+1", "se/cret+1\\u0000"), "SecretAccessKey holds"},
      {without("to=ken", std::string(20'000, 'a')), "Token has more than"},
  };
  for (const auto& [body, words] : rows) {
    const auto read = read_metadata_credentials(body, "here");
    ASSERT_FALSE(read) << body;
    EXPECT_EQ(read.error().reason, source_failure::kind::unavailable);
    EXPECT_THAT(read.error().message, StartsWith("here: "));
    EXPECT_THAT(read.error().message, HasSubstr(words)) << body;
    EXPECT_THAT(read.error().message, Not(HasSubstr(secret)));
    EXPECT_LT(read.error().message.size(), 200U);
  }
}

TEST(MetadataAnswer, NamesTheCodeOfAnAnswerWithoutCredentials) {
  const auto code = [](const std::string& json) {
    return read_metadata_credentials("{\"Code\":" + json + ",\"Message\":\"private\"}", "EC2")
        .error()
        .message;
  };
  EXPECT_EQ(code("\"AssumeRoleUnauthorizedAccess\""),
            "EC2: the service answers AssumeRoleUnauthorizedAccess instead of credentials");
  for (const char* odd : {"\"a b\"", "\"\"", "\"<script>\"", "7", "\"x\\n\""}) {
    EXPECT_EQ(code(odd), "EC2: the service answers with another code instead of credentials");
  }
  EXPECT_EQ(code("\"" + std::string(65, 'a') + "\""),
            "EC2: the service answers with another code instead of credentials");
}

}  // namespace
}  // namespace connector::aws
