#include "connector/base/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "connector/base/json_scan.h"
#include "connector/base/json_writer.h"

namespace connector::json {
namespace {

using namespace std::string_literals;

TEST(JsonQuote, EscapesWhatMustBeEscaped) {
  EXPECT_EQ(quote(""), "\"\"");
  EXPECT_EQ(quote("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
  EXPECT_EQ(quote("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\"");
  EXPECT_EQ(quote("\0\x01\x1f"s), "\"\\u0000\\u0001\\u001F\"");
  EXPECT_EQ(quote("\xC3\xA9\xF0\x9F\x98\x80"), "\"\xC3\xA9\xF0\x9F\x98\x80\"");
}

TEST(JsonQuote, RepairsBytesThatAreNoText) {
  EXPECT_EQ(quote("a\xFF\xC3\xA9\xC3"), "\"a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\"");
  EXPECT_EQ(quote("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonQuote, AlwaysGivesJson) {
  for (int c = 0; c < 256; ++c) {
    const std::string one(1, static_cast<char>(c));
    EXPECT_TRUE(is_json(quote(one))) << c;
    EXPECT_TRUE(is_json(quote("x" + one + "\xC3\xA9"))) << c;
    if (c < 128) EXPECT_EQ(text_of(quote(one)), one) << c;
  }
}

TEST(JsonText, ResolvesEscapes) {
  EXPECT_EQ(text_of(R"("plain")"), "plain");
  EXPECT_EQ(text_of(R"( "blanks around" )"), "blanks around");
  EXPECT_EQ(text_of(R"("\u00e9\n\/\"\\")"), "\xC3\xA9\n/\"\\");
  EXPECT_EQ(text_of(R"("\ud83d\ude00")"), "\xF0\x9F\x98\x80");
  EXPECT_EQ(text_of(R"("\u0000")"), "\0"s);
  EXPECT_EQ(text_of("\"\xC3\xA9\""), "\xC3\xA9");
}

TEST(JsonText, IsNothingForWhatIsNoText) {
  for (const std::string bad :
       {"", "\"", "1", "null", "{}", "[\"a\"]", "\"a", "a\"", "\"a\"b\"", "\"\xFF\"", "\"a\nb\"",
        R"("\ud800")", R"("\udc00")", R"("\udc00\ud800")", R"("\x")", R"("a\")"}) {
    EXPECT_EQ(text_of(bad), std::nullopt) << bad;
  }
}

TEST(JsonText, DoesNotEndAtAZeroByte) {
  EXPECT_EQ(text_of(std::string("\"\\n\"\0\"", 6)), std::nullopt);
  EXPECT_EQ(text_of(std::string("\"\\n\"\r\0x\"", 8)), std::nullopt);
}

TEST(JsonInteger, TakesWhatFits) {
  EXPECT_EQ(integer_of("42"), 42);
  EXPECT_EQ(integer_of(" -9223372036854775808 "), std::numeric_limits<std::int64_t>::min());
  for (const std::string bad :
       {"", "9223372036854775808", "1.0", "1e2", "\"1\"", "true", "x", "01", "1 2"}) {
    EXPECT_EQ(integer_of(bad), std::nullopt) << bad;
  }
}

// CVE-2024-38517: RapidJSON 1.1.0 takes such an exponent for a place in its table.
TEST(JsonInteger, IsNothingForNumbersThatCrashAConversion) {
  const std::string zeros(300, '0');
  EXPECT_EQ(integer_of("-0"), 0);
  for (const std::string& bad :
       {std::string("0.00000000001e-2147483639"), std::string("-0.00000000001e-2147483639"),
        "0." + zeros + "1e-2147483639", "1" + zeros + "e-2147483639", std::string(400, '9'),
        "-" + std::string(5000, '9'), std::string("1e2147483639"), std::string("1e-99999999999")}) {
    EXPECT_TRUE(is_json(bad)) << bad;
    EXPECT_EQ(integer_of(bad), std::nullopt) << bad;
    EXPECT_EQ(text_of(bad), std::nullopt) << bad;
  }
}

TEST(JsonBoolean, TakesTrueAndFalse) {
  EXPECT_EQ(boolean_of(" true "), true);
  EXPECT_EQ(boolean_of("false"), false);
  EXPECT_EQ(boolean_of("\"true\""), std::nullopt);
  EXPECT_EQ(boolean_of("1"), std::nullopt);
}

TEST(ObjectWriter, CopiesRawValuesByteForByte) {
  object_writer out;
  out.raw("id", "12345678901234567890").raw("p", "1.10").string("t\"", "a\n").number("n", -1);
  out.boolean("b", true).null("x");
  EXPECT_EQ(out.take(),
            "{\"id\":12345678901234567890,\"p\":1.10,\"t\\\"\":\"a\\n\",\"n\":-1,\"b\":true,"
            "\"x\":null}");
  EXPECT_EQ(out.take(), "{}");
}

}  // namespace
}  // namespace connector::json
