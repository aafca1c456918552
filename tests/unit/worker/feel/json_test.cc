#include "worker/feel/json.h"

#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

TEST(FeelJson, KeepsTheTextOfWhatIsPassedThrough) {
  for (const std::string text :
       {"1.10", "12345678901234567890", "9007199254740993", "-9223372036854775808", "0.1",
        R"("caf\u00e9")", R"({"a" : [1.50, 2]})", R"([ ])", R"({"a":{"b":"\ud83d"}})"}) {
    EXPECT_EQ(evaluated("v", "{\"v\":" + text + "}"), text);
    EXPECT_EQ(evaluated("{r: v}", "{\"v\":" + text + "}"), "{\"r\":" + text + "}");
  }
}

TEST(FeelJson, WritesWholeNumbersAsIntegers) {
  EXPECT_EQ(evaluated("v", R"({"v":[1.0,1E+2,-0.0,-0,1e20,2.50]})"), "[1,100,0,0,1e20,2.50]");
}

TEST(FeelJson, WritesComputedNumbersAsTheRuntimeDoes) {
  EXPECT_EQ(evaluated("[1/3, 10**20, 0.0001, 12345678.5, 1.50, 2**63 - 1, 2**63]"),
            "[0.3333333333333333,1.0E20,1.0E-4,1.23456785E7,1.5,9223372036854775807,"
            "9.223372036854776E18]");
  EXPECT_EQ(evaluated("10**400"), "\"Infinity\"");
  EXPECT_EQ(evaluated("-(10**400)"), "\"-Infinity\"");
  EXPECT_EQ(evaluated("10**-400"), "0.0");
}

TEST(FeelJson, NumbersOfJsonComputeAsDoublesUnlessTheyAreWhole) {
  EXPECT_EQ(evaluated("[string(a), string(b), b + 1, string(c)]",
                      R"({"a":1.10,"b":12345678901234567890,"c":1e2})"),
            R"(["1.1","12345678901234567890",1.2345678901234567E19,"100.0"])");
}

TEST(FeelJson, DecimalsOfJsonHaveTheShortestTextOfTheirDouble) {
  const std::pair<const char*, const char*> rows[] = {
      {"19.90", "19.9"},
      {"5.000", "5.0"},
      {"0.00", "0.0"},
      {"-0.50", "-0.5"},
      {"0.001", "0.001"},
      {"0.0010", "0.001"},
      {"0.00010", "0.00010"},
      {"1234567.50", "1234567.5"},
      {"12345678.5", "12345678.5"},
      {"0.12345678901234", "0.12345678901234"},
      {"0.1234567890123456789", "0.12345678901234568"},
      {"100.0", "100.0"},
      {"1.5e3", "1500.0"},
      {"1e-7", "1.0E-7"}};
  for (const auto& [text, written] : rows) {
    EXPECT_EQ(evaluated("string(v)", std::string("{\"v\":") + text + "}"),
              '"' + std::string(written) + '"')
        << text;
  }
}

TEST(FeelJson, ResolvesEscapesWhenTheyAreLookedAt) {
  EXPECT_EQ(evaluated(R"([v = "a/b", `k"ey`, w])", R"({"v":"a\/b","k\"ey":1,"w":"\ud83d\ude00"})"),
            R"([true,1,"\ud83d\ude00"])");
  EXPECT_EQ(evaluated("v + \"!\"", R"({"v":"\ud83d\ude00"})"), "\"\xf0\x9f\x98\x80!\"");
}

TEST(FeelJson, OfTwoKeysTheLaterCounts) {
  EXPECT_EQ(evaluated("v.a", R"({"v":{"a":1,"a":2}})"), "2");
}

TEST(FeelJson, LeavesOutFunctionsAndRanges) {
  EXPECT_EQ(evaluated("{a: function() 1, b: 1}"), R"({"b":1})");
  EXPECT_EQ(evaluated("[1..2]"), "null");
}

TEST(FeelJson, RefusesWhatIsNoJson) {
  EXPECT_FALSE(from_json("{"));
  EXPECT_FALSE(from_json(std::string(600, '[') + std::string(600, ']')));
  EXPECT_TRUE(from_json(" [1] "));
}

TEST(FeelJson, FindsKeysOfLargeContexts) {
  std::string text = "{\"v\":{";
  for (int at = 0; at < 1000; ++at) {
    text += (at > 0 ? ",\"k" : "\"k") + std::to_string(at) + "\":" + std::to_string(at);
  }
  EXPECT_EQ(evaluated("[v.k0, v.k16, v.k17, v.k999, v.k1000]", text + "}}"), "[0,16,17,999,null]");
}

TEST(FeelJson, PartsOfManyAreFoundOneByOneAndTogether) {
  // Two members of one name, a key with an escape, and more looks than are for one part each.
  std::string text = R"({"v":{"twice":1,"k\"ey":"q")";
  for (int at = 0; at < 5'000; ++at) {
    text += ",\"k" + std::to_string(at) + "\":{\"n\":" + std::to_string(at) + "}";
  }
  text += R"(,"twice":2},"l":[{"n":0,"t":"]}\\"})";
  for (int at = 1; at < 500; ++at) text += ",{\"n\" : " + std::to_string(at) + " , \"t\":\"x\"}";
  text += "]}";
  EXPECT_EQ(evaluated(R"([v.twice, v.`k"ey`, v.none])", text), R"([2,"q",null])");
  EXPECT_EQ(evaluated("for i in 0..20 return get value(v, \"k\" + string(i * 200)).n", text),
            "[0,200,400,600,800,1000,1200,1400,1600,1800,2000,2200,2400,2600,2800,3000,3200,3400,"
            "3600,3800,4000]");
  EXPECT_EQ(evaluated("[v.twice, count(get entries(v)), v.twice]", text), "[2,5002,2]");
  EXPECT_EQ(evaluated("for i in 1..12 return l[i].n", text), "[0,1,2,3,4,5,6,7,8,9,10,11]");
  EXPECT_EQ(evaluated("[l[-1].n, l[500].n, l[501], l[-501], count(l), l[1].t]", text),
            R"([499,499,null,null,500,"]}\\"])");
  EXPECT_EQ(evaluated("l[n > 496 and n < 499 and n != 400 and t = \"x\"].n", text), "[497,498]");
  EXPECT_EQ(evaluated("[is empty(l), is empty([]), l[1] = {n: 0, t: \"]}\\\\\"}]", text),
            "[false,true,true]");
}

TEST(FeelJson, FiltersSeeFunctionsOfContextsThatTheExpressionWrote) {
  EXPECT_EQ(evaluated("[{a: 1, f: function() a > 1}, {a: 2, f: function() a > 1}][f()].a"), "[2]");
  EXPECT_EQ(
      evaluated("(v[count([function() n, function() t]) = 2])[1].t", R"({"v":[{"n":1,"t":2}]})"),
      "2");
}

}  // namespace
}  // namespace worker::feel
