#include "connector/aws/aws_error.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/connector/hidden_word.h"

namespace connector::aws {
namespace {

service_failure read(int status, http::headers fields, std::string body) {
  http::response answer;
  answer.status = status;
  answer.fields = std::move(fields);
  answer.body = std::move(body);
  return read_service_error(answer);
}

TEST(ServiceError, ReadsTheHeaderFirst) {
  const auto found =
      read(404, {{"x-amzn-ErrorType", "ResourceNotFoundException"}, {"x-amzn-RequestId", "id-1"}},
           R"({"Type":"User","Message":"Function not found: f","__type":"Other"})");
  EXPECT_EQ(found.status, 404);
  EXPECT_EQ(found.name, "ResourceNotFoundException");
  EXPECT_EQ(found.message, "Function not found: f");
  EXPECT_EQ(found.request_id, "id-1");
}

TEST(ServiceError, CleansTheName) {
  EXPECT_EQ(read(403,
                 {{"x-amzn-errortype",
                   "InvalidSignatureException:http://internal.amazon.com/coral/com.amazon/"}},
                 "")
                .name,
            "InvalidSignatureException");
  EXPECT_EQ(read(400, {}, R"({"__type":"com.amazon.coral#ValidationException"})").name,
            "ValidationException");
  EXPECT_EQ(read(400, {}, R"({"code":"A","__type":"B"})").name, "A");
  EXPECT_EQ(read(400, {}, R"({"Code":"A"})").name, "A");
}

// A secret that lies across a cut would leave its front behind.
TEST(ServiceError, IsMaskedBeforeItIsCut) {
  const hidden_word hidden;
  const auto text = hidden_word::across(1000);
  const auto json = read(
      400, {}, R"({"__type":")" + hidden_word::across(128) + R"(","message":")" + text + R"("})");
  EXPECT_EQ(json.name.find("MARKED"), std::string::npos) << json.name;
  EXPECT_EQ(json.message.substr(985), "xxxxxxx*** and ");
  for (const auto& body : {"<html><title>" + text + "</title></html>", text, " \n" + text,
                           hidden_word::across(1000) + std::string(100'000, 'y')}) {
    const auto found = read(502, {}, body).message;
    EXPECT_EQ(found.size(), 1000U);
    EXPECT_EQ(found.find("MARKED"), std::string::npos);
  }
  // All of the front is secret, so that the end of what is looked at comes near.
  std::string many;
  while (many.size() < 70'000) many += hidden_word::word;
  EXPECT_EQ(read(502, {}, many).message.find("MARKED"), std::string::npos);
  const auto named = read(400, {{"x-amzn-RequestId", hidden_word::across(128)}}, "");
  EXPECT_EQ(named.request_id.find("MARKED"), std::string::npos) << named.request_id;
}

// A line break inside a secret ends the line, too.
TEST(ServiceError, SecretOfSeveralLinesIsMaskedWhole) {
  set_front_masker([](std::string_view all, std::size_t) {
    std::string masked(all);
    const auto at = masked.find("first\nsecond");
    return at == std::string::npos ? masked : masked.replace(at, 12, "***");
  });
  EXPECT_EQ(read(400, {}, R"({"message":"got first\nsecond\nthird"})").message, "got ***");
  set_front_masker({});
}

TEST(ServiceError, ReadsTheReasonOfThrottling) {
  const auto found = read(429, {{"Retry-After", "7"}},
                          R"({"Reason":"CallerRateLimitExceeded","message":"Rate exceeded"})");
  EXPECT_EQ(found.reason, "CallerRateLimitExceeded");
  EXPECT_EQ(found.message, "Rate exceeded");
  EXPECT_EQ(found.retry_after, std::chrono::seconds(7));
}

TEST(ServiceError, ReadsXmlAndHtmlAndPlainText) {
  const auto xml =
      read(403, {},
           "<ErrorResponse><Errors><Error><Code>SignatureDoesNotMatch</Code>"
           "<Message>The signature is wrong.</Message></Error></Errors></ErrorResponse>");
  EXPECT_EQ(xml.name, "SignatureDoesNotMatch");
  EXPECT_EQ(xml.message, "The signature is wrong.");
  const auto html =
      read(502, {}, "<html><head><title>502 Bad Gateway</title></head><body>x</body></html>");
  EXPECT_EQ(html.name, "");
  EXPECT_EQ(html.message, "502 Bad Gateway");
  EXPECT_EQ(read(503, {}, "  try later\nsecond line").message, "try later");
}

TEST(ServiceError, IsReadBehindAByteOrderMark) {
  EXPECT_EQ(read(400, {}, "\xEF\xBB\xBF{\"__type\":\"A\",\"message\":\"m\"}").name, "A");
  EXPECT_EQ(read(403, {}, "\xEF\xBB\xBF<E><Code>B</Code><Message>m</Message></E>").name, "B");
}

TEST(ServiceError, SurvivesAnythingElse) {
  for (const std::string body : {"", "null", "[]", "{", "\"text\"", "{\"message\":7}", "<Code>",
                                 "<Code><Message>", "{\"message\":\"\\ud800\"}", "\xff\xfe"}) {
    const auto found = read(500, {}, body);
    EXPECT_EQ(found.name, "") << body;
    EXPECT_LE(found.message.size(), 1000U);
  }
  EXPECT_EQ(read(500, {}, std::string(100'000, '[')).name, "");
  EXPECT_LE(read(500, {}, std::string(1'000'000, 'x')).message.size(), 1000U);
}

// The service's answer to a wrong signature quotes the canonical request with the session token.
TEST(ServiceError, KeepsOnlyTheFirstLineOfAMessage) {
  const auto found = read(
      403, {},
      R"({"message":"The request signature does not match.\n\nx-amz-security-token:TOKEN\n"})");
  EXPECT_EQ(found.message, "The request signature does not match.");
}

TEST(ServiceError, CutsLongMessagesBetweenCharacters) {
  std::string long_text;
  for (int i = 0; i < 400; ++i) long_text += "\xE2\x82\xAC";
  const auto found = read(500, {}, "{\"message\":\"" + long_text + "\"}");
  EXPECT_EQ(found.message, long_text.substr(0, 999));
}

TEST(RetryAfter, PrefersMillisecondsAndIsBounded) {
  using std::chrono::milliseconds;
  EXPECT_EQ(retry_after_of({{"Retry-After", "2"}, {"x-amz-retry-after", "1500"}}),
            milliseconds(1500));
  EXPECT_EQ(retry_after_of({{"Retry-After", " 3 "}}), milliseconds(3000));
  EXPECT_EQ(retry_after_of({{"Retry-After", "9223372036854775807"}}), milliseconds(3'600'000));
  EXPECT_EQ(retry_after_of({{"x-amz-retry-after", "9223372036854775807"}}),
            milliseconds(3'600'000));
  for (const std::string& long_pause :
       {std::string("99999999999999999999"), std::string(400, '9')}) {
    EXPECT_EQ(retry_after_of({{"Retry-After", long_pause}}), milliseconds(3'600'000));
  }
  for (const char* bad :
       {"", "-1", "soon", "1.5", "+5", "1e400", "Wed, 21 Oct 2026 07:28:00 GMT"}) {
    EXPECT_EQ(retry_after_of({{"Retry-After", bad}}), milliseconds(0)) << bad;
  }
  EXPECT_EQ(retry_after_of({}), milliseconds(0));
}

}  // namespace
}  // namespace connector::aws
