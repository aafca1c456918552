// Expressions that would take for ever, or all memory: each ends within the bounds of a session.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <variant>

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

// One item or member many times; `#` in it is a number.
struct repeated_text {
  std::string begin;
  std::string one;
  std::string end;

  std::string text(std::size_t bytes) const {
    std::string out = begin;
    out.reserve(bytes);
    const auto place = one.find('#');
    for (std::size_t at = 0; out.size() + one.size() + 10 < bytes; ++at) {
      if (at > 0) out += ',';
      out.append(one, 0, place);
      if (place != one.npos) out.append(std::to_string(at)).append(one, place + 1);
    }
    return out + end;
  }
};

std::string answered_with(const std::string& payload) {
  return R"({"statusCode":200,"payload":)" + payload + R"(,"log":null,"error":null})";
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

// Answers of a few megabytes whose values would take hundreds: they are counted when JSON is looked
// into, and by whatever makes values of them. Most rows have an eighth of both, which is quicker.
constexpr std::size_t longest_answer = 6'291'556;
constexpr std::size_t part = 8;

struct large_answer_row {
  std::string name;
  repeated_text payload;
  std::string expression;
};

class LargeAnswer : public testing::TestWithParam<large_answer_row> {};

TEST_P(LargeAnswer, IsNotReadBeyondTheBound) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::deadline::max();  // the other bounds decide
  session.surroundings.limits.steps = std::size_t{1} << 40U;
  session.surroundings.limits.bytes = most_built / part;
  const auto response = answered_with(GetParam().payload.text(longest_answer / part));
  const auto out = result_variables(session, "", GetParam().expression, response);
  ASSERT_FALSE(out) << out->substr(0, 200);
  EXPECT_THAT(out.error().message, testing::HasSubstr("4194304 bytes of values"));
}

const repeated_text objects{"[", "{}", "]"};
const repeated_text members{R"({"total":1,)", R"("a#":{})", "}"};
const repeated_text numbers{"[", "#", "]"};
const repeated_text controls{R"(")", R"(\u0001)", R"(")"};

INSTANTIATE_TEST_SUITE_P(
    Rows, LargeAnswer,
    testing::Values(large_answer_row{"Objects", objects, "={x: for i in payload return 1}"},
                    large_answer_row{"Lists", {"[", "[]", "]"}, "={x: for i in payload return 1}"},
                    large_answer_row{"Zeros", {"[", "0", "]"}, "={x: sum(payload)}"},
                    large_answer_row{"Decimals", {"[", "1.5", "]"}, "={x: sum(payload)}"},
                    large_answer_row{"Texts", {"[", R"("")", "]"}, "={x: string join(payload)}"},
                    large_answer_row{"Items", {"[", R"({"a":#})", "]"}, "={x: payload.a}"},
                    large_answer_row{"Filter", objects, "={x: payload[a = 1]}"},
                    large_answer_row{"NinthLook", objects, "={x: for i in 1..9 return payload[i]}"},
                    large_answer_row{"Some", objects, "={x: some i in payload satisfies i = 1}"},
                    large_answer_row{"Equal", objects, "={x: payload = [1]}"},
                    large_answer_row{"Variables", members, "=payload"},
                    large_answer_row{"Entries", members, "={x: get entries(payload)}"},
                    large_answer_row{"Merge", members, "={x: context merge(payload, {a: 1})}"},
                    large_answer_row{"Put", members, R"(={x: context put(payload, "a", 1)})"},
                    large_answer_row{"Text", members, "={x: string(payload)}"},
                    large_answer_row{"Distinct", numbers, "={x: distinct values(payload)}"},
                    large_answer_row{"Mode", numbers, "={x: mode(payload)}"},
                    large_answer_row{"Sorted", numbers, "={x: sort(payload, function(a, b) true)}"},
                    large_answer_row{"Longer", numbers, "={x: append(payload, 1)}"},
                    large_answer_row{"Split", controls, R"(={x: split(payload, "")})"},
                    large_answer_row{"Extract", controls, R"(={x: extract(payload, "(?s).")})"},
                    large_answer_row{
                        "Replace", controls,
                        R"(={x: replace(payload, "(?s).", "$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0")})"},
                    large_answer_row{"Quoted", controls,
                                     "={x: to json(payload + payload + payload + payload)}"}),
    [](const testing::TestParamInfo<large_answer_row>& info) { return info.param.name; });

// The same answers, and what does not have to make all of their values.
class PartOfALargeAnswer : public testing::TestWithParam<large_answer_row> {};

TEST_P(PartOfALargeAnswer, TakesLittle) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::deadline::max();
  session.surroundings.limits.bytes = 10'000;
  const auto response = answered_with(GetParam().payload.text(longest_answer / part));
  const auto out = result_variables(session, "", GetParam().expression, response);
  ASSERT_TRUE(out) << out.error().message;
}

const repeated_text with_objects{R"({"total":1,"items":[)", R"({"id":#})", "]}"};

INSTANTIATE_TEST_SUITE_P(
    Rows, PartOfALargeAnswer,
    testing::Values(
        large_answer_row{"Count", objects, "={n: count(payload), e: is empty(payload)}"},
        large_answer_row{"FirstAndLast", objects, "={a: payload[1], b: payload[-1]}"},
        large_answer_row{"OneMember", members, "={total: payload.total, no: payload.no}"},
        large_answer_row{"AMemberByItsKey", members, R"(={x: get value(payload, "a100")})"},
        large_answer_row{"AMemberBesideThem", with_objects, "={x: payload.total}"},
        large_answer_row{"OneItem", with_objects, "={x: payload.items[100].id}"},
        large_answer_row{"PassedOn", with_objects, "={x: payload, y: response.payload.items}"}),
    [](const testing::TestParamInfo<large_answer_row>& info) { return info.param.name; });

// What is left out when the bound is broken must not be taken for no decision.
TEST(ErrorExpression, OfALargeAnswerIsNoDecisionOnlyWhenAllOfItWasSeen) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  const auto large = decide(session, "=payload", answered_with(members.text(longest_answer)), "");
  ASSERT_FALSE(large);
  EXPECT_THAT(large.error().message, testing::HasSubstr("bytes of values"));
  const auto small = decide(session, "=payload", answered_with("{}"), "");
  ASSERT_TRUE(small);
  EXPECT_TRUE(std::holds_alternative<no_decision>(*small));
  const auto variables = decide(session, R"(=jobError("x", payload))",
                                answered_with(members.text(longest_answer)), "");
  ASSERT_FALSE(variables);
  EXPECT_THAT(variables.error().message, testing::HasSubstr("bytes of variables"));
}

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
