// Expressions that would take for ever, or all memory: each ends within the bounds of a session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/clock.h"
#include "worker/results/error_expression.h"
#include "worker/results/result_expression.h"

namespace worker::results {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t at = 0; at < times; ++at) out += text;
  return out;
}

struct hostile_row {
  std::string name;
  std::string expression;
  std::string says;  // part of the message
};

class HostileExpression : public testing::TestWithParam<hostile_row> {};

TEST_P(HostileExpression, Ends) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::deadline::max();  // the other bounds decide
  const auto out = result_variables(session, "", GetParam().expression, R"({"payload":"aaaa"})");
  ASSERT_FALSE(out) << out->substr(0, 200);
  EXPECT_NE(out.error().message.find(GetParam().says), std::string::npos) << out.error().message;
  EXPECT_LT(out.error().message.size(), 500U);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, HostileExpression,
    testing::Values(
        hostile_row{"Endless", "={a: for i in 1..1000000, j in 1..1000000 return i}", "steps"},
        hostile_row{"Deep", "=" + repeated("{a:", 5000) + "1" + repeated("}", 5000), "nested"},
        hostile_row{"Huge", "={a: \"" + repeated("x", 70'000) + "\"}", "longer than"},
        hostile_row{"Text",
                    "={a: for i in 1..64 return if i = 1 then \"" + repeated("x", 1000) +
                        "\" else partial[-1] + partial[-1]}",
                    "bytes of values"},
        hostile_row{"SharedParts",
                    "={a0: \"" + repeated("x", 1000) +
                        "\", a1: [a0,a0,a0,a0,a0,a0,a0,a0], a2: [a1,a1,a1,a1,a1,a1,a1,a1], a3: "
                        "[a2,a2,a2,a2,a2,a2,a2,a2], a4: [a3,a3,a3,a3,a3,a3,a3,a3], a5: "
                        "[a4,a4,a4,a4,a4,a4,a4,a4], a6: [a5,a5,a5,a5,a5,a5,a5,a5]}",
                    "bytes of variables"},
        hostile_row{
            "TextOfSharedParts",
            "={a: string(for i in 1..99999 return payload + \"" + repeated("x", 10'000) + "\")}",
            "bytes of values"},
        hostile_row{"TextOfOneSharedPart",
                    "={b: payload + \"" + repeated("x", 10'000) +
                        "\", l: for i in 1..99999 return b, s: string(l)}",
                    "bytes of values"},
        hostile_row{"JsonOfOneSharedPart",
                    "={b: payload + \"" + repeated("x", 10'000) +
                        "\", l: for i in 1..99999 return b, s: to json(l)}",
                    "bytes of values"},
        hostile_row{"Regex", R"(={a: matches(")" + repeated("a", 40) + R"(b", "^(a+)+$")})",
                    "takes too many steps"}),
    [](const testing::TestParamInfo<hostile_row>& info) { return info.param.name; });

// Few steps, each of which runs through a long text: without a look at the clock these take minutes
// to hours.
struct long_text_row {
  std::string name;
  std::string expression;
};

class LongTextExpression : public testing::TestWithParam<long_text_row> {};

TEST_P(LongTextExpression, EndsAtTheDeadline) {
  const std::string response = R"({"t":")" + std::string(400'000, 'a') + R"("})";
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.steps = std::size_t{1} << 40U;
  const auto out = result_variables(session, "", GetParam().expression, response);
  ASSERT_FALSE(out) << out->substr(0, 200);
  // The clock is looked at within a search and between two steps.
  EXPECT_THAT(out.error().message,
              testing::AnyOf(testing::HasSubstr("takes too many steps, or too long"),
                             testing::HasSubstr("takes longer than it may")));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LongTextExpression,
    testing::Values(long_text_row{"LookAhead", R"x(={a: replace(t, "a(?=.*)", "b")})x"},
                    long_text_row{"Possessive", R"(={a: matches(t, "a*+[bc]")})"},
                    long_text_row{"Contains", R"(={a: for i in 1..99999 return contains(t, "b")})"},
                    long_text_row{"Order", "={a: for i in 1..999999 return t < t}"},
                    long_text_row{"Equality", "={a: for i in 1..999999 return t = t}"},
                    long_text_row{"Largest", "={a: max(for i in 1..99999 return t)}"},
                    long_text_row{"Distinct", "={a: distinct values(for i in 1..99999 return t)}"}),
    [](const testing::TestParamInfo<long_text_row>& info) { return info.param.name; });

// The work of these grows with the text alone. They are answered, so the clock may not end them:
// with the product of both texts, or the square of one, they would take hours.
struct linear_row {
  std::string name;
  std::string expression;
  std::string gives;
};

class LinearExpression : public testing::TestWithParam<linear_row> {};

TEST_P(LinearExpression, IsAnswered) {
  const std::string response = R"({"t":")" + std::string(6'000'000, 'a') + R"("})";
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::deadline::max();
  const auto out = result_variables(session, "", GetParam().expression, response);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_EQ(*out, GetParam().gives);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, LinearExpression,
    testing::Values(linear_row{"Contains", R"(={a: contains(t, substring(t, 3000000) + "b")})",
                               R"({"a":false})"},
                    linear_row{"SubstringBefore",
                               R"(={a: substring before(t, substring(t, 3000000) + "b")})",
                               R"({"a":""})"},
                    linear_row{"SubstringAfter",
                               R"(={a: substring after(t, substring(t, 3000000) + "b")})",
                               R"({"a":""})"},
                    linear_row{"Pattern", R"(={a: matches("x", "[" + t + "]")})", R"({"a":null})"}),
    [](const testing::TestParamInfo<linear_row>& info) { return info.param.name; });

// What it says is copied for the message, the variable `error` and the response that expressions
// see.
TEST(ExpressionBounds, TheTextOfAnAssertIsCut) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  const std::string response = R"({"t":")" + std::string(50'000, 'a') + R"("})";
  const auto out = result_variables(session, "", "={a: assert(1, false, t + t)}", response);
  ASSERT_FALSE(out) << out->substr(0, 200);
  EXPECT_THAT(out.error().message, testing::HasSubstr("assert: aaaa"));
  EXPECT_LT(out.error().message.size(), 1'200U);
}

TEST(ExpressionSession, HasOneDeadlineForAllItsExpressions) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::boot_clock::now();
  const auto late = decide(session, "=for i in 1..10000 return i", "{}", "");
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("takes longer than it may"), std::string::npos)
      << late.error().message;
}

}  // namespace
}  // namespace worker::results
