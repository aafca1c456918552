#include "connector/base/json_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace connector::json {
namespace {

using namespace std::string_literals;

TEST(JsonCheck, TakesOneValueOfEachKind) {
  for (const std::string good : {"null",
                                 "true",
                                 "false",
                                 "0",
                                 "-0",
                                 "1.10",
                                 "1e400",
                                 "1E-7",
                                 "-12.5e+3",
                                 "12345678901234567890",
                                 "\"\"",
                                 "\"a\\u0000\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                 "[]",
                                 "{}",
                                 "[1,[2,{\"a\":[]}],{}]",
                                 "{\"a\":1,\"a\":2}",
                                 " \t\r\n[ 1 , 2 ] \n",
                                 "\"\x7f\"",
                                 "\"\\ud800\"",
                                 "\"\\uD83D\\uDE00\"",
                                 "{\"\":null}"}) {
    const auto problem = check(good);
    EXPECT_FALSE(problem) << good << ": " << (problem ? problem->reason : "");
  }
}

TEST(JsonCheck, RefusesEverythingElse) {
  const std::vector<std::string> all = {""s,
                                        " "s,
                                        "nul"s,
                                        "True"s,
                                        "01"s,
                                        "-"s,
                                        "+1"s,
                                        ".5"s,
                                        "1."s,
                                        "1e"s,
                                        "1e+"s,
                                        "0x10"s,
                                        "NaN"s,
                                        "Infinity"s,
                                        "'a'"s,
                                        "\""s,
                                        "\"a"s,
                                        "\"\\"s,
                                        "\"\\x\""s,
                                        "\"\\u12\""s,
                                        "\"\\u12g4\""s,
                                        "\"a\nb\""s,
                                        "\"\0\""s,
                                        "["s,
                                        "]"s,
                                        "[1"s,
                                        "[1,"s,
                                        "[1,]"s,
                                        "[,1]"s,
                                        "[1 2]"s,
                                        "[1}"s,
                                        "{"s,
                                        "{\"a\"}"s,
                                        "{\"a\":}"s,
                                        "{\"a\":1,}"s,
                                        "{a:1}"s,
                                        "{1:1}"s,
                                        "{\"a\":1]"s,
                                        "{\"a\" 1}"s,
                                        "1 2"s,
                                        "{}{}"s,
                                        "// x\n1"s,
                                        "\xEF\xBB\xBF{}"s,
                                        "1\0"s};
  for (const auto& bad : all) {
    EXPECT_TRUE(check(bad)) << bad;
  }
}

TEST(JsonCheck, SaysWhereItStopped) {
  EXPECT_EQ(check("[1,x]")->offset, 3U);
  EXPECT_EQ(check("{\"a\":1} {")->offset, 8U);
  EXPECT_EQ(check("")->offset, 0U);
}

// Every corner of RFC 3629, inside a string.
TEST(JsonCheck, KnowsUtf8) {
  const std::vector<std::string> good = {"\x7F",         "\xC2\x80",         "\xDF\xBF",
                                         "\xE0\xA0\x80", "\xED\x9F\xBF",     "\xEE\x80\x80",
                                         "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"};
  for (const auto& text : good) EXPECT_TRUE(is_json("\"" + text + "\"")) << text;
  const std::vector<std::string> bad = {"\x80",
                                        "\xBF",
                                        "\xC0\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xC2\x41",
                                        "\xE0\x9F\xBF",
                                        "\xE0\xA0",
                                        "\xED\xA0\x80",
                                        "\xED\xBF\xBF",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF0\x90\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xF8\x88\x80\x80\x80",
                                        "\xFE",
                                        "\xFF"};
  for (const auto& text : bad) EXPECT_FALSE(is_json("\"" + text + "\""));
  EXPECT_EQ(check("\"a\xC2\x41\"")->offset, 2U);
}

std::string nested(std::size_t levels, char open, char close) {
  return std::string(levels, open) + std::string(levels, close);
}

TEST(JsonCheck, CountsLevels) {
  EXPECT_FALSE(check(nested(500, '[', ']')));
  ASSERT_TRUE(check(nested(501, '[', ']')));
  EXPECT_EQ(check(nested(501, '[', ']'))->offset, 500U);
  std::string objects;
  for (int i = 0; i < 501; ++i) objects += "{\"a\":";
  EXPECT_EQ(check(objects)->offset, 500U * 5);
  limits shallow;
  shallow.depth = 1;
  EXPECT_FALSE(check("[1]", shallow));
  EXPECT_TRUE(check("[[1]]", shallow));
  EXPECT_FALSE(check("[1,2,{}]", limits{2, false}));
}

TEST(JsonCheck, IsNotBroughtDownByDepth) {
  EXPECT_TRUE(check(std::string(100'000, '[')));
  EXPECT_TRUE(check(nested(100'000, '[', ']')));
  limits any;
  any.depth = 1'000'000;
  EXPECT_FALSE(check(nested(100'000, '[', ']'), any));
  EXPECT_TRUE(check(std::string(100'000, '['), any));
}

TEST(JsonCheck, KnowsWhichIntegersTheEngineKeeps) {
  limits engine;
  engine.integers_fit = true;
  for (const std::string good :
       {"18446744073709551615", "-9223372036854775808", "0", "-0", "12345678901234567890",
        "18446744073709551616.0", "1e400", "[18446744073709551615]", "\"99999999999999999999\""}) {
    EXPECT_FALSE(check(good, engine)) << good;
  }
  for (const std::string bad : {"18446744073709551616", "-9223372036854775809",
                                "100000000000000000000", "-99999999999999999999"}) {
    ASSERT_TRUE(check(bad, engine)) << bad;
    EXPECT_EQ(check("{\"a\":[1," + bad + "]}", engine)->offset, 8U);
    EXPECT_FALSE(check(bad)) << bad;
  }
}

TEST(JsonCheck, TakesBigStrings) {
  const std::string big = "\"" + std::string(6'000'000, 'x') + "\"";
  EXPECT_FALSE(check(big));
  EXPECT_EQ(check(big.substr(0, big.size() - 1))->offset, big.size() - 1);
}

TEST(JsonMembers, AreSlicesInOrder) {
  const std::string text = R"( { "b" : 1.10 , "a":{"x":[1, 2]},"b":"\u0062" , "c" :null } )";
  const auto read = members(text);
  ASSERT_FALSE(read.wrong);
  ASSERT_EQ(read.members.size(), 4U);
  EXPECT_EQ(read.members[0].name, "b");
  EXPECT_EQ(read.members[0].value, "1.10");
  EXPECT_EQ(read.members[1].value, R"({"x":[1, 2]})");
  EXPECT_EQ(read.members[2].value, R"("\u0062")");
  EXPECT_EQ(read.members[3].value, "null");
  EXPECT_EQ(find(read.members, "b"), R"("\u0062")");
  EXPECT_EQ(find(read.members, "x"), std::nullopt);
  EXPECT_GE(read.members[0].value.data(), text.data());
  EXPECT_LT(read.members[0].value.data(), text.data() + text.size());
}

TEST(JsonMembers, RefuseWhatIsNoObject) {
  for (const std::string bad : {"", "[]", "1", "null", "{", "{\"a\":1", "{\"a\":1}x", "{\"a\":}",
                                "{\"a\":1,}", "{\"a\":\"\xFF\"}"}) {
    const auto read = members(bad);
    EXPECT_TRUE(read.wrong) << bad;
    EXPECT_TRUE(read.members.empty());
  }
  EXPECT_FALSE(members("{}").wrong);
  EXPECT_TRUE(members("{}").members.empty());
}

TEST(JsonMembers, CountTheObjectAsALevel) {
  EXPECT_FALSE(members("{\"a\":" + nested(499, '[', ']') + "}").wrong);
  EXPECT_TRUE(members("{\"a\":" + nested(500, '[', ']') + "}").wrong);
  EXPECT_TRUE(members("{\"a\":" + std::string(100'000, '[')).wrong);
}

TEST(JsonMembers, AreSoManyAtMost) {
  EXPECT_EQ(members(R"({"a":1,"a":2})", {.members = 2}).members.size(), 2U);
  const auto found = members(R"({"a":1,"a":2,"b":3})", {.members = 2});
  EXPECT_TRUE(found.members.empty());
  ASSERT_TRUE(found.wrong);
  EXPECT_EQ(found.wrong->reason, "too many members");
  std::string many = "{";
  for (int i = 0; i < 100'001; ++i) many += R"("":0,)";
  many.back() = '}';
  EXPECT_TRUE(members(many).wrong);
  EXPECT_TRUE(is_json(many)) << "only what is taken apart is counted";
}

TEST(JsonElements, AreSoManyAtMost) {
  EXPECT_EQ(elements("[1,2,3]", {.members = 2}), (std::vector<std::string_view>{"1", "2"}));
}

TEST(JsonElements, AreSlices) {
  EXPECT_EQ(elements(" [1, \"a\" , {\"b\":2} ] "),
            (std::vector<std::string_view>{"1", "\"a\"", "{\"b\":2}"}));
  EXPECT_TRUE(elements("[]").empty());
  EXPECT_TRUE(elements("{}").empty());
  EXPECT_TRUE(elements("[1").empty());
}

TEST(JsonKind, GoesByTheFirstByte) {
  EXPECT_EQ(kind_of(" {}"), kind::object);
  EXPECT_EQ(kind_of("[]"), kind::array);
  EXPECT_EQ(kind_of("\"\""), kind::string);
  EXPECT_EQ(kind_of("-1"), kind::number);
  EXPECT_EQ(kind_of("true"), kind::boolean);
  EXPECT_EQ(kind_of("false"), kind::boolean);
  EXPECT_EQ(kind_of("null"), kind::null);
}

TEST(JsonRewriteStrings, ReplacesTokensAndNothingElse) {
  const auto rewritten =
      rewrite_strings(R"({"a": "x\"y", "b":[1.10,"x"]})", [](std::string_view token) {
        return token == "\"x\"" ? std::optional<std::string>("\"long\"") : std::nullopt;
      });
  EXPECT_EQ(rewritten, R"({"a": "x\"y", "b":[1.10,"long"]})");
  std::vector<std::string> seen;
  rewrite_strings(R"(["a\\","\"b"])", [&](std::string_view token) {
    seen.emplace_back(token);
    return std::nullopt;
  });
  EXPECT_EQ(seen, (std::vector<std::string>{R"("a\\")", R"("\"b")"}));
}

}  // namespace
}  // namespace connector::json
