#include <gtest/gtest.h>

#include <string>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

TEST(StringFunctions, SubstringCountsFromOneOrFromTheEnd) {
  EXPECT_EQ(evaluated(R"(substring("foobar", 3))"), R"("obar")");
  EXPECT_EQ(evaluated(R"(substring("foobar", -2, 1))"), R"("a")");
  EXPECT_EQ(evaluated(R"(substring("foobar", 3, 100))"), R"("obar")");
  EXPECT_EQ(evaluated(R"(substring("foobar", 0))"), R"("")");
  EXPECT_EQ(evaluated(R"(substring("foobar", 3.9, 0))"), R"("")");
  EXPECT_EQ(evaluated(R"(substring("foobar", 4294967299))"), R"("obar")");
}

TEST(StringFunctions, SubstringOutsideOfTheTextFails) {
  EXPECT_EQ(evaluated(R"(substring("foobar", 8))"), "error");
  EXPECT_EQ(evaluated(R"(substring("foobar", -7))"), "error");
  EXPECT_EQ(evaluated(R"(substring("foobar", 3, -1))"), "error");
  EXPECT_EQ(evaluated(R"(substring("foobar", 3, 2147483647))"), "error");
}

TEST(StringFunctions, LengthsAndCaseAreThoseOfJava) {
  EXPECT_EQ(evaluated("string length(s)", R"({"s":"a\uD83D\uDE00"})"), "3");
  EXPECT_EQ(evaluated("upper case(s)", R"({"s":"stra\u00dfe"})"), R"("STRASSE")");
  EXPECT_EQ(evaluated("lower case(s)", R"({"s":"ABC"})"), R"("abc")");
}

TEST(StringFunctions, SubstringBeforeAndAfterTakeTheFirstPlace) {
  EXPECT_EQ(evaluated(R"([substring before("a,b,c", ","), substring after("a,b,c", ",")])"),
            R"(["a","b,c"])");
  EXPECT_EQ(evaluated(R"([substring before("abc", "x"), substring after("abc", "x")])"),
            R"(["",""])");
  EXPECT_EQ(evaluated(R"([substring before("abc", ""), substring after("abc", "")])"),
            R"(["","abc"])");
}

TEST(StringFunctions, PatternsAreFoundReplacedAndSplitAt) {
  EXPECT_EQ(evaluated(R"x(matches("foobar", "^fo*b"))x"), "true");
  EXPECT_EQ(evaluated(R"x(matches("FOO", "foo", "i"))x"), "true");
  EXPECT_EQ(evaluated(R"x(replace("abcd", "(ab)|(a)", "[1=$1][2=$2]"))x"), R"("[1=ab][2=]cd")");
  EXPECT_EQ(evaluated(R"x(replace("A1", "a(?<n>\\d)", "${n}", "i"))x"), R"("1")");
  EXPECT_EQ(evaluated(R"x(split("a;b;;", ";"))x"), R"(["a","b","",""])");
  EXPECT_EQ(evaluated(R"x(split("abc", ""))x"), R"(["a","b","c",""])");
  EXPECT_EQ(evaluated(R"x(split("abc", "(?=b)"))x"), R"(["a","bc"])");
  EXPECT_EQ(evaluated(R"x(split("", ","))x"), R"([""])");
  EXPECT_EQ(evaluated(R"x(extract("a1b22", "\\d+"))x"), R"(["1","22"])");
  EXPECT_EQ(evaluated(R"x(extract("ab", ""))x"), R"(["","",""])");
}

TEST(StringFunctions, BadPatternsAndReplacementsAreNull) {
  EXPECT_EQ(evaluated(R"x([matches("a", "("), replace("a", "[", ""), split("a", "*"),
                          extract("a", "("), replace("a", "a", "$1")])x"),
            "[null,null,null,null,null]");
}

TEST(StringFunctions, ASearchThatTakesTooLongFails) {
  const std::string slow = R"({"s":")" + std::string(40, 'a') + R"(!"})";
  EXPECT_EQ(evaluated(R"(matches(s, "^(a+)+$"))", slow), "error");
  EXPECT_EQ(evaluated(R"(split(s, "^(a+)+$"))", slow), "error");
  EXPECT_EQ(evaluated(R"(extract(s, "^(a+)+$"))", slow), "error");
  EXPECT_EQ(evaluated(R"(replace(s, "^(a+)+$", ""))", slow), "error");
}

TEST(StringFunctions, WhatGrowsBeyondTheBoundFails) {
  environment tight = at_a_fixed_moment();
  tight.limits.bytes = 1'000;
  const std::string text = R"({"s":")" + std::string(100, 'a') + R"("})";
  EXPECT_EQ(evaluated(R"(replace(s, "a", "0123456789ABCDEF"))", text, tight), "error");
  EXPECT_EQ(evaluated(R"(split(s, ""))", text, tight), "error");
  tight = at_a_fixed_moment();
  tight.limits.steps = 50;
  EXPECT_EQ(evaluated(R"(extract(s, "a"))", text, tight), "error");
}

TEST(StringFunctions, Base64IsUtf8) {
  EXPECT_EQ(evaluated(R"(to base64("FEEL"))"), R"("RkVFTA==")");
  EXPECT_EQ(evaluated(R"([from base64("RkVFTA=="), from base64("RkVFTA"), from base64("")])"),
            R"(["FEEL","FEEL",""])");
  EXPECT_EQ(evaluated(R"([from base64("!!!"), from base64("RkVFTA="), from base64("A")])"),
            "[null,null,null]");
  EXPECT_EQ(evaluated(R"(string length(from base64("/w==")))"), "1");
}

TEST(StringFunctions, BlanksAreTrimmedAndSeen) {
  EXPECT_EQ(evaluated(R"([trim("  x y\t"), is blank(" \t"), is blank(" x")])"),
            R"(["x y",true,false])");
}

TEST(StringFunctions, AUuidHasVersionSevenAndTheMomentInFront) {
  environment fixed = at_a_fixed_moment();
  fixed.random = [] { return 0xFFFF'FFFF'FFFF'FFFFU; };
  EXPECT_EQ(evaluated("uuid()", "{}", fixed), R"("018e4172-65c0-7fff-bfff-ffffffffffff")");
  fixed.random = [] { return 0U; };
  EXPECT_EQ(evaluated("uuid()", "{}", fixed), R"("018e4172-65c0-7000-8000-000000000000")");
  EXPECT_EQ(evaluated("uuid() = uuid()"), "false");
}

TEST(StringFunctions, OtherKindsAndNullAreNull) {
  EXPECT_EQ(evaluated(R"([string length(1), upper case(null), contains("a", 1), matches(null, "a"),
                          split("a", 1), replace("a", "a", "b", 1), from base64(1), trim([])])"),
            "[null,null,null,null,null,null,null,null]");
}

}  // namespace
}  // namespace worker::feel
