#include "connector/lambda/invoke/invoke_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "connector/base/json.h"

namespace connector::lambda {
namespace {

std::string body(std::string value, payload_format format = payload_format::automatic,
                 bool literal = false) {
  const auto made = payload_body({"payload", std::move(value), literal}, format);
  return made ? *made : made.error().message;
}

TEST(PayloadBody, IsTheJsonByteForByte) {
  for (const std::string exact :
       {"12345678901234567890", "1.10", "1e400", "-0", "{\"b\":1,\"a\":2,\"b\":3}",
        "{ \"a\" : [ 1.10 , 1E+2 ] }", "[\"\\u0000\",\"\\ud800\",\"\\/\"]", "true", "null",
        "{\"n\":99999999999999999999999999}"}) {
    for (const auto format :
         {payload_format::automatic, payload_format::json, payload_format::text}) {
      EXPECT_EQ(body(exact, format), exact);
    }
  }
}

TEST(PayloadBody, OfAStringIsTheJsonThatItHolds) {
  for (const std::string text :
       {R"({"id":12345678901234567890,"p":1.10})", "1e400", " [1, 2] ", "\"inner\"", "null",
        "{\"a\":\"\\u0000\"}", "{\"b\":1,\"a\":2,\"b\":3}"}) {
    EXPECT_EQ(body(json::quote(text)), text);
    EXPECT_EQ(body(json::quote(text), payload_format::json), text);
    EXPECT_EQ(body(json::quote(text), payload_format::text), json::quote(text));
  }
}

TEST(PayloadBody, StringWhoseTextIsNotJsonIsSentAsItsToken) {
  for (const std::string token : {"\"hello\"", "\"\\u0000\"", "\"\\ud800\"", "\"a\\/b \\u00e9\"",
                                  "\" \"", "\"{\\\"a\\\":}\""}) {
    EXPECT_EQ(body(token), token);
    EXPECT_EQ(body(token, payload_format::text), token);
    EXPECT_TRUE(body(token, payload_format::json).starts_with("payload: the string is no JSON"));
  }
}

TEST(PayloadBody, OfLiteralTextStaysAString) {
  EXPECT_EQ(body(R"("{\"a\":1}")", payload_format::automatic, true), R"("{\"a\":1}")");
  EXPECT_EQ(body(R"("7")", payload_format::json, true), R"("7")");
}

TEST(PayloadBody, IsBoundedInDepth) {
  const auto nested = [](std::size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  EXPECT_EQ(body(nested(500)), nested(500));
  EXPECT_EQ(body(nested(501)),
            "payload: nested too deep (at byte 500); look at the values that the task maps");
  EXPECT_EQ(body(json::quote(nested(500))), nested(500));
  EXPECT_EQ(body(json::quote(nested(100'000))),
            "payload: nested too deep (at byte 500); look at the values that the task maps");
  // Brackets that are no JSON are text.
  EXPECT_EQ(body("\"" + std::string(100'000, '[') + "\"").size(), 100'002U);
}

TEST(WithMember, AddsAtTheEndOfAnObject) {
  EXPECT_EQ(*with_member("{}", "job", "{\"k\":1}"), R"({"job":{"k":1}})");
  EXPECT_EQ(*with_member(" { } ", "job", "1"), R"( { "job":1} )");
  EXPECT_EQ(*with_member(R"({"a":1.10,"a":"}"})", "j\"b", "1"), R"({"a":1.10,"a":"}","j\"b":1})");
}

TEST(WithMember, LeavesEverythingElseAlone) {
  for (const std::string other : {"", "[1]", "\"{}\"", "1.10", "null"}) {
    EXPECT_EQ(*with_member(other, "job", "1"), other);
  }
}

TEST(WithMember, RefusesAMemberThatIsThere) {
  for (const std::string there : {R"({"job":1})", R"({"\u006aob":1})"}) {
    const auto made = with_member(there, "job", "1");
    ASSERT_FALSE(made) << there;
    EXPECT_EQ(made.error().code, error_code::invalid_input);
  }
}

}  // namespace
}  // namespace connector::lambda
