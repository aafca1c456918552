#include "worker/feel/expression.h"

#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

struct row {
  const char* text;
  const char* answer;
};

template <std::size_t Count>
void expect_all(const row (&rows)[Count], const std::string& variables = "{}") {
  for (const auto& [text, answer] : rows) EXPECT_EQ(evaluated(text, variables), answer) << text;
}

TEST(Expression, TakesTheTextOfAHeader) {
  expect_all({{"= 7", "7"},
              {"7", "7"},
              {"  =  7  ", "7"},
              {"=", "no expression"},
              {"", "no expression"},
              {"== 7", "no expression"},
              {"7 // days\n + 1", "8"},
              {"7 /* days */ + 1", "8"},
              {"7 /* days", "no expression"}});
}

TEST(Expression, OperatorsBindInOrder) {
  expect_all({{"2 + 3 * 4", "14"},
              {"(2 + 3) * 4", "20"},
              {"2 ** 3 ** 2", "64"},
              {"-2 ** 2", "4"},
              {"10 - 3 - 2", "5"},
              {"1 + 2 = 3 and 2 < 1 or true", "true"},
              {"1 < 2 < 3", "no expression"},
              {"7 between 3 + 1 and 9", "true"},
              {"if 1 > 2 then \"a\" else \"b\"", "\"b\""}});
}

TEST(Expression, NamesAreWordsOfLettersUnlessTheyAreInBackticks) {
  expect_all(
      {{"net-tax", "80"},
       {"`net-tax`", "1"},
       {"`full name`", "\"Ada\""},
       {"order", "3"},
       {"or", "no expression"},
       {"if", "4"},
       {"Stra\xc3\x9f\x65", "5"},
       {"full name", "no expression"}},
      R"({"net":100,"tax":20,"net-tax":1,"full name":"Ada","order":3,"if":4,"Stra\u00dfe":5})");
}

TEST(Expression, WhatIsMissingIsNull) {
  expect_all({{"nothing", "null"},
              {"nothing.more", "null"},
              {"{a: 1}.b", "null"},
              {"nothing + 1", "null"},
              {"nothing < 1", "null"},
              {"nothing = null", "true"},
              {"unknown(1)", "null"},
              {"count(1, 2)", "null"},
              {"nothing[1]", "null"},
              {"nothing.call(1)", "error"}});
}

TEST(Expression, LogicHasThreeValues) {
  expect_all({{"true and null", "null"},
              {"false and null", "false"},
              {"null or true", "true"},
              {"null or false", "null"},
              {"1 and true", "null"},
              {"not(null)", "null"},
              {"if null then 1 else 2", "2"},
              {"if 1 then 1 else 2", "2"}});
}

TEST(Expression, EqualityNeedsOneKind) {
  expect_all({{"1 = 1.0", "true"},
              {"1 = \"1\"", "null"},
              {"1 != null", "true"},
              {"[1, {a: 2}] = [1.0, {a: 2.0}]", "true"},
              {"[1] = [\"1\"]", "false"},
              {"{a: 1, b: 2} = {b: 2, a: 1}", "true"},
              {"[1] < [2]", "error"}});
}

TEST(Expression, ListsAreFiltered) {
  expect_all({{"prices[1]", "5"},
              {"prices[-1]", "30"},
              {"prices[9]", "null"},
              {"prices[item > 7]", "[12,30]"},
              {"orders[total > 7].id", "[\"b\"]"},
              {"orders[item.total > 7].id", "[\"b\"]"},
              {"orders.total", "[5,12]"},
              {"orders[1 + 1].id", "\"b\""},
              {"7[1]", "null"},
              {"[][item > 1]", "[]"}},
             R"({"prices":[5,12,30],"orders":[{"id":"a","total":5},{"id":"b","total":12}]})");
}

TEST(Expression, LoopsGoThroughAllCombinations) {
  expect_all({{"for x in [1, 2], y in [10, 20] return x + y", "[11,21,12,22]"},
              {"for x in 3..1 return x", "[3,2,1]"},
              {"for x in 1..4 return if x = 1 then 1 else partial[-1] * x", "[1,2,6,24]"},
              {"for x in 1..3 return count(partial)", "[0,1,2]"},
              {"for x in 7 return x", "null"},
              {"some x in [1, 2] satisfies x > 1", "true"},
              {"every x in [1, null] satisfies x > 0", "null"}});
}

TEST(Expression, TestsStandBehindIn) {
  expect_all({{"5 in [1..5]", "true"},
              {"5 in [1..5)", "false"},
              {"5 in (< 3, > 4)", "true"},
              {"5 in (> 1 < 3)", "no expression"},
              {"5 in [4, 5]", "true"},
              {"5 in ? > 7", "false"},
              {"\"b\" in contains(?, \"b\")", "true"},
              {"5 in [1..3] or true", "true"},
              {"? > 1", "error"},
              {"null in [1..2]", "null"}});
}

TEST(Expression, ContextsSeeTheirEarlierEntries) {
  expect_all(
      {{"{a: 1, b: a + 1, \"c d\": b}", R"({"a":1,"b":2,"c d":2})"},
       {"{first name: \"Ada\", e-mail: null}", R"({"first name":"Ada","e-mail":null})"},
       {"{b: a, a: 1}", R"({"b":null,"a":1})"},
       {"{a: 1, a: 2}", R"({"a":2})"},
       {"{z: 1, y: 2, x: 3, w: 4, v: 5, u: 6}", R"({"z":1,"y":2,"x":3,"w":4,"v":5,"u":6})"}});
}

TEST(Expression, FunctionsAreWrittenInContexts) {
  expect_all({{"{twice: function(x) x * 2, r: twice(4)}.r", "8"},
              {"{add: function(x) function(y) x + y, one: add(1), r: one(2)}.r", "3"},
              {"{f: function(a, b) a - b, r: f(b: 1, a: 5)}.r", "4"},
              {"{f: function(n) f(n), r: f(1)}.r", "null"},
              {"{m: {f: function(x) x + 1}, r: m.f(1)}.r", "2"},
              {"sort([3, 1, 2], function(x, y) x < y)", "[1,2,3]"},
              {"sort([[1], [2]], function(x, y) x < y)", "null"},
              {"{a: 1, f: function() 1}", R"({"a":1})"},
              {"function() external {java: {}}", "no expression"}});
}

TEST(Expression, NamedArgumentsMayBeLeftOut) {
  expect_all({{"context put(value: 2, key: \"a\", context: {a: 1})", R"({"a":2})"},
              {"string join(list: [\"a\", \"b\"], delimiter: \"-\")", "\"a-b\""},
              {"string join(list: [\"a\"], other: 1)", "null"},
              {"jobError(errorMessage: \"x\", retries: 2)", "error"}});
}

TEST(Expression, TextsKnowEscapes) {
  expect_all({{R"("a\nb")", R"("a\nb")"},
              {R"("a\\b")", R"("a\\b")"},
              {R"("\d")", R"("\\d")"},
              {R"("say \"so\"")", R"("say \"so\"")"},
              {R"("\u0041")", R"("\\u0041")"},
              {"\"open", "no expression"}});
}

TEST(Expression, ErrorsSayWhereAndWhatWasExpected) {
  const auto parsed = expression::parse("{total: payload.total, ok statusCode}");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().offset, 36u);
  EXPECT_EQ(parsed.error().message, "expected ':' but found '}'");
  const auto ended = expression::parse("= (1 + 2");
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().offset, 8u);
  EXPECT_NE(ended.error().message.find("')'"), std::string::npos) << ended.error().message;
}

TEST(Expression, WarningsSayWhyAValueIsNull) {
  const auto parsed = expression::parse("{a: order.total + 1}");
  ASSERT_TRUE(parsed);
  const auto result = parsed->evaluate({}, at_a_fixed_moment());
  ASSERT_TRUE(result.outcome);
  ASSERT_EQ(result.warnings.size(), 2u);
  EXPECT_EQ(result.warnings[0].message, "there is no variable 'order'");
  EXPECT_EQ(result.warnings[0].offset, 4u);
  EXPECT_EQ(result.warnings[1].message, "cannot add null and number");
}

TEST(Expression, LaterSourcesHideEarlierOnes) {
  scope names;
  names.add(*from_json(R"({"a":1,"response":7})"));
  names.add("response", *from_json(R"({"a":2})"));
  const auto result = expression::parse("[a, response.a]")->evaluate(names, at_a_fixed_moment());
  EXPECT_EQ(to_json(*result.outcome), "[1,2]");
}

}  // namespace
}  // namespace worker::feel
