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
TEST(ServiceError, IsNotCutInsideASecret) {
  const hidden_word hidden;
  const auto text = hidden_word::across(1000);
  const auto json = read(
      400, {}, R"({"__type":")" + hidden_word::across(128) + R"(","message":")" + text + R"("})");
  EXPECT_EQ(json.name, hidden_word::cut(128));
  EXPECT_EQ(json.message, hidden_word::cut(1000));
  for (const auto& body : {"<html><title>" + text + "</title></html>", text, " \n" + text,
                           hidden_word::across(1000) + std::string(100'000, 'y')}) {
    const auto found = read(502, {}, body).message;
    EXPECT_EQ(found, hidden_word::cut(1000));
  }
  const auto named = read(400, {{"x-amzn-RequestId", hidden_word::across(128)}}, "");
  EXPECT_EQ(named.request_id, hidden_word::cut(128));
}

// A line break, a colon and a # end or begin something, but not inside a secret.
TEST(ServiceError, SecretWithMarksInItStaysWhole) {
  constexpr std::string_view secret = "first\nsec:o#nd";
  set_front_cutter([secret](std::string_view all, std::size_t most) {
    const auto at = std::min(all.find(secret), all.find("first sec:o#nd"));
    const bool across = at < most && at + secret.size() > most;
    return std::string(all.substr(0, across ? at + secret.size() : most));
  });
  EXPECT_EQ(read(400, {}, R"({"message":"got first\nsec:o#nd\nthird"})").message,
            "got first sec:o#nd");
  EXPECT_EQ(read(400, {}, R"({"__type":"a#got first\nsec:o#nd:x"})").name, "got first sec:o#nd");
  set_front_cutter({});
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

TEST(ServiceError, OfAnAnswerOfAnotherFormIsReadWithoutAName) {
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

TEST(RetryAfter, MayBeADateThatTheSendersClockIsTakenFrom) {
  using std::chrono::milliseconds;
  const auto asked = [](const char* until, const char* date) {
    return retry_after_of({{"Date", date}, {"Retry-After", until}});
  };
  constexpr auto noon = "Wed, 21 Oct 2026 12:00:00 GMT";
  EXPECT_EQ(asked("Wed, 21 Oct 2026 12:01:30 GMT", noon), milliseconds(90'000));
  EXPECT_EQ(asked("Wed, 21 Oct 2150 12:01:30 GMT", noon), milliseconds(3'600'000));
  EXPECT_EQ(asked("Wed, 21 Oct 2026 11:59:59 GMT", noon), milliseconds(0));
  EXPECT_EQ(asked("Wed, 21 Oct 2026 12:01:30 GMT", "now"), milliseconds(0));
}

}  // namespace
}  // namespace connector::aws
