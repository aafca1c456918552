#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

std::string why(std::string_view text, const environment& surroundings = at_a_fixed_moment(),
                const scope& names = {}) {
  const auto parsed = expression::parse(text);
  if (!parsed) return parsed.error().message;
  const auto result = parsed->evaluate(names, surroundings);
  return result.outcome ? "" : result.outcome.error().message;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (; times > 0; --times) out += text;
  return out;
}

TEST(Limits, TextIsBounded) {
  EXPECT_EQ(why("\"" + std::string(max_text - 2, 'x') + "\""), "");
  EXPECT_NE(why("\"" + std::string(max_text, 'x') + "\"").find("longer than 65536"),
            std::string::npos);
}

TEST(Limits, NestingIsBoundedAndNotReadTwice) {
  for (const std::string_view open : {"(", "[", "{a:", "if ", "f(", "x in (", "[1,2][", "if(if(",
                                      "for x in (", "function() ", "{a: function(x) ["}) {
    EXPECT_NE(why(repeated(open, 20'000 / open.size())), "") << open;
    EXPECT_NE(why(repeated(open, 150)), "") << open;
  }
  EXPECT_EQ(why(repeated("(", 150) + "1" + repeated(")", 150)), "");
  EXPECT_EQ(why(repeated("[", 150) + "1" + repeated("]", 150)), "");
}

// `if(` is read as a condition and as a call, so each one doubles how often the rest is read.
TEST(Limits, LongPartsAreNotReadAgainAndAgain) {
  const auto often = repeated("if(", 12);
  for (const auto& part :
       {"\"" + std::string(4'000, 'x') + "\"", std::string(4'000, 'x'),
        "{" + std::string(4'000, 'x') + ":1}", "`" + std::string(4'000, 'x') + "`",
        std::string(4'000, '1'), repeated("a ", 2'000), "(a)" + repeated(".a", 2'000),
        "function(a" + repeated(",a", 2'000) + ") ", "a" + repeated(".a", 2'000),
        "/*" + std::string(4'000, '*') + "*/1" + std::string(4'000, ' ') + ".x"}) {
    EXPECT_NE(why(often + part).find("too ambiguous"), std::string::npos) << part.substr(0, 5);
  }
}

TEST(Limits, LongPartsAreReadSomeTimes) {
  const auto comment = "/*" + std::string(25'000, '*') + "*/";
  const auto blanks = repeated("\u3000", 8'000);
  EXPECT_EQ(why("if (if (a " + comment + ") then b else c" + blanks + ") then 1 else 2"), "");
  EXPECT_EQ(why("{a: if (b = \"" + std::string(60'000, 'x') + "\") then [(c)] else null}"), "");
  EXPECT_EQ(why("{a: if (" + std::string(60'000, 'x') + ") then [(c)] else null}"), "");
  EXPECT_EQ(why("[-1" + repeated(",-1", 20'000) + "]"), "");
  EXPECT_EQ(why("if ([{a:1}" + repeated(",{a:1}", 10'000) + "]) then 1 else 2"), "");
}

TEST(Limits, LongChainsAreNotDeep) {
  EXPECT_EQ(why("1" + repeated(" + 1", 10'000)), "");
  EXPECT_EQ(why("true" + repeated(" and true", 5'000)), "");
  EXPECT_EQ(why("a" + repeated(".a", 10'000)), "");
  EXPECT_EQ(why("a" + repeated("[1]", 10'000)), "");
}

TEST(Limits, StepsAreCounted) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.steps = 1'000;
  for (const auto* text :
       {"for a in 1..40, b in 1..40 return 1", "some a in 1..40, b in 1..40 satisfies false",
        "[1, 2][count(for a in 1..900 return a) = 2]", "flatten(for a in 1..500 return [a, a])"}) {
    EXPECT_NE(why(text, surroundings).find("more than 1000 steps"), std::string::npos) << text;
  }
  EXPECT_EQ(why("for a in 1..100 return a", surroundings), "");
}

// What looks at each item of a list is no single step.
TEST(Limits, LongListsTakeMoreSteps) {
  scope names;
  names.add(from_json(R"({"l":[1)" + repeated(",1", 9'999) + R"(],"c":[{})" +
                      repeated(",{}", 9'999) + ",null]}")
                .value_or(value()));
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.steps = 3'000;
  for (const auto* text :
       {"sort(l, function(a, b) null)", "l < []", "l between [] and []", "l in [[]..[]]",
        "get value({}, l)", "context(c)", "context merge(c)", "context put({}, l, 1)"}) {
    const auto often = "for i in 1..50 return " + std::string(text);
    EXPECT_NE(why(often, surroundings, names).find("more than 3000 steps"), std::string::npos)
        << text;
    EXPECT_EQ(why(text, surroundings, names).find("more than"), std::string::npos) << text;
  }
  // These are not done in one go over the list.
  surroundings.limits.steps = 15'000;
  for (const auto* text : {"mode(l)", "median(l)"}) {
    EXPECT_NE(why(text, surroundings, names).find("more than 15000 steps"), std::string::npos)
        << text;
  }
  EXPECT_EQ(why("sum(l)", surroundings, names), "");
}

TEST(Limits, BytesAreCounted) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.bytes = 100'000;
  for (const auto* text : {"for a in 1..1000000000 return 1",
                           "for a in 1..40 return if count(partial) = 0 then \"xxxxxxxx\" "
                           "else partial[-1] + partial[-1]",
                           "for a in 1..1000 return partial"}) {
    EXPECT_NE(why(text, surroundings).find("more than 100000 bytes"), std::string::npos) << text;
  }
}

TEST(Limits, WhateverIsBuiltIsCounted) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.bytes = 100'000;
  for (const std::string body :
       {"{}", "[]", "{a: 1}", "function() 1", "\"a\" + \"b\"", "date(\"2024-01-0\" + string(1))",
        "1234567890123456789012345678901234567890 + 1", "substring(\"abc\", 2)",
        "upper case(\"a\")", "from json(\"[]\")", "context(get entries({a: 1}))", "string(1)"}) {
    EXPECT_NE(why("some i in 1..1600 satisfies (" + body + ") = 0", surroundings)
                  .find("more than 100000 bytes"),
              std::string::npos)
        << body;
  }
  EXPECT_EQ(why("some i in 1..1600 satisfies i = 0", surroundings), "");
}

TEST(Limits, PartsOfJsonAreCounted) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.bytes = 100'000;
  const auto of = [&](std::string_view text, const std::string& one) {
    std::string variables = "{\"v\":[" + one;
    for (int at = 0; at < 1'500; ++at) variables += ',' + one;
    return evaluated(text, variables + "]}", surroundings);
  };
  for (const auto* one : {"{}", "[]", "\"\"", "1.5", R"({"a":1})"}) {
    EXPECT_EQ(of("count(v)", one), "1501") << one;
    EXPECT_EQ(of("v[1500]", one), one);
    EXPECT_EQ(of("flatten(v)", one), "error") << one;
    EXPECT_EQ(of("count(v[true])", one), "error") << one;
  }
  EXPECT_EQ(of("v[1] = v[2]", "\"" + std::string(50'000, 'x') + "\\n\""), "error");
}

TEST(Limits, WhatWasNotMadeIsNoReasonOfItsOwn) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.bytes = 10'000;
  scope names;
  std::string items = "[1";
  for (int at = 0; at < 2'000; ++at) items += ",1";
  names.add("v", *from_json(items + "]"));
  const auto parsed = expression::parse("assert(v, sum(v) = 2001)");
  const auto result = parsed->evaluate(names, surroundings);
  ASSERT_FALSE(result.outcome);
  EXPECT_NE(result.outcome.error().message.find("more than 10000 bytes"), std::string::npos)
      << result.outcome.error().message;
}

TEST(Limits, ValuesAreNotNestedWithoutEnd) {
  EXPECT_NE(why("for a in 1..2000 return [partial[-1]]").find("nested deeper"), std::string::npos);
  EXPECT_NE(why("for a in 1..2000 return {f: function() partial}").find("nested deeper"),
            std::string::npos);
}

TEST(Limits, RecursionThroughAContextEnds) {
  EXPECT_NE(why("{m: {f: function(c, n) c.f(c, n + 1)}, r: m.f(m, 0)}.r").find("nested deeper"),
            std::string::npos);
  EXPECT_EQ(evaluated("{m: {f: function(c, n) if n = 0 then 0 else n + c.f(c, n - 1)}, "
                      "r: m.f(m, 20)}.r"),
            "210");
}

TEST(Limits, ADeadlineEndsTheEvaluation) {
  auto surroundings = at_a_fixed_moment();
  surroundings.limits.until = connector::boot_clock::now() - std::chrono::seconds(1);
  EXPECT_NE(why("count(for a in 1..100000 return a)", surroundings).find("longer than it may"),
            std::string::npos);
}

}  // namespace
}  // namespace worker::feel
