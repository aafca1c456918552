// `resultVariable` and `resultExpression`: rows of a response, the two headers, and the variables.
#include "worker/results/result_expression.h"

#include <gtest/gtest.h>

namespace worker::results {
namespace {

constexpr std::string_view response =
    R"({"statusCode":200,"executedVersion":"7","payload":{"total":61.50,"n":12345678901234567890,)"
    R"("name":"Zo\u00eb","items":[{"id":1,"price":5},{"id":2,"price":12.5}],"none":null},)"
    R"("log":null,"error":null})";

evaluated<std::string> mapped(std::string_view expression, std::string_view of = response,
                              const std::string& variable = "") {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  return result_variables(session, variable, expression, of);
}

struct result_row {
  std::string name;
  std::string expression;
  std::string then;  // the variables
};

class ResultExpression : public testing::TestWithParam<result_row> {};

TEST_P(ResultExpression, Variables) {
  const auto out = mapped(GetParam().expression);
  ASSERT_TRUE(out) << out.error().message;
  EXPECT_EQ(*out, GetParam().then);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ResultExpression,
    testing::Values(
        result_row{
            "ThreeFieldsWithAFilter",
            "= {total: payload.total, ok: statusCode = 200, ids: payload.items[price > 10].id}",
            R"({"total":61.50,"ok":true,"ids":[2]})"},
        result_row{"WithoutTheSign", "{a: payload.name}", R"({"a":"Zo\u00eb"})"},
        result_row{"NumbersKeepTheirText", "={n: payload.n}", R"({"n":12345678901234567890})"},
        result_row{"ResponseIsTheWholeObject",
                   "={s: response.statusCode, same: response.payload = payload}",
                   R"({"s":200,"same":true})"},
        result_row{"TheResponseItself", "=response.payload.items[1]", R"({"id":1,"price":5})"},
        result_row{"NullEntriesAreNullVariables", "={a: payload.none, b: payload.missing}",
                   R"({"a":null,"b":null})"},
        result_row{"NullGivesNothing", "=null", "{}"},
        result_row{"NullByAMissingField", "=payload.missing", "{}"},
        result_row{"AnEmptyContext", "={}", "{}"}, result_row{"NoExpression", " = ", "{}"},
        result_row{"FunctionsAreNoVariables", "={f: function(a) a + 1, b: f(1)}", R"({"b":2})"},
        result_row{"JobIsNotInScope", "={a: job}", R"({"a":null})"},
        result_row{"CommentsAreTakenOff", "={a: 1 // one\n}", R"({"a":1})"},
        result_row{"TemporalValuesAreTexts", R"(={d: date("2024-01-01"), t: duration("P1D")})",
                   R"({"d":"2024-01-01","t":"PT24H"})"},
        result_row{"ErrorOfACallIsThere", "={failed: error != null}", R"({"failed":false})"}),
    [](const testing::TestParamInfo<result_row>& info) { return info.param.name; });

struct wrong_row {
  std::string name;
  std::string expression;
  expression_fault fault;
  std::string message;
};

class WrongResultExpression : public testing::TestWithParam<wrong_row> {};

TEST_P(WrongResultExpression, SaysWhatAndWhere) {
  const auto out = mapped(GetParam().expression);
  ASSERT_FALSE(out) << *out;
  EXPECT_EQ(out.error().fault, GetParam().fault);
  EXPECT_EQ(out.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, WrongResultExpression,
    testing::Values(
        wrong_row{"List", "=payload.items", expression_fault::wrong_value,
                  "must give a context such as {name: value}, or null; it gives a list"},
        wrong_row{"Number", "=1", expression_fault::wrong_value,
                  "must give a context such as {name: value}, or null; it gives a number"},
        wrong_row{"Text", "=payload.name", expression_fault::wrong_value,
                  "must give a context such as {name: value}, or null; it gives a string"},
        wrong_row{"Truth", "=statusCode = 200", expression_fault::wrong_value,
                  "must give a context such as {name: value}, or null; it gives a boolean"},
        wrong_row{"NoExpression", "={a: 1\nb: 2}", expression_fault::unreadable,
                  "is no FEEL expression, at line 2, column 1 (near \"b: 2}\"): expected an "
                  "operator or '}' but "
                  "found 'b'"},
        wrong_row{
            "AFailedAssertion", R"(={a: assert(payload, false, "no total")})",
            expression_fault::failed,
            "failed at column 6 (near \"assert(payload, false, \"no tot\"): assert: no total"}),
    [](const testing::TestParamInfo<wrong_row>& info) { return info.param.name; });

TEST(ResultVariables, TheVariableHoldsTheResponseAsItCame) {
  EXPECT_EQ(*mapped("", R"({"payload": 1.10 })", "r"), R"({"r":{"payload": 1.10 }})");
}

TEST(ResultVariables, EntriesOfTheExpressionComeOverTheVariable) {
  EXPECT_EQ(*mapped("={a: payload}", R"({"payload":1})", "r"), R"({"r":{"payload":1},"a":1})");
  EXPECT_EQ(*mapped("={r: 2}", R"({"payload":1})", "r"), R"({"r":2})");
}

TEST(ResultVariables, AResponseThatIsNoObjectHasNoFields) {
  EXPECT_EQ(*mapped("={a: response, b: statusCode}", "[1]"), R"({"a":[1],"b":null})");
}

TEST(ResultVariables, AResponseThatIsNoJsonOrTooDeepIsRefused) {
  EXPECT_EQ(mapped("={}", "{").error().fault, expression_fault::failed);
  EXPECT_EQ(mapped("={}", std::string(600, '[') + std::string(600, ']')).error().fault,
            expression_fault::failed);
}

TEST(ResultVariables, WarningsSayWhyAValueIsNull) {
  feel::expression_cache cache;
  auto session = begin_session(cache, true);
  ASSERT_TRUE(result_variables(session, "", "={a: payload.name + 1}", response));
  ASSERT_FALSE(session.warnings.empty());
  EXPECT_EQ(session.warnings.front().find("column 6 (near \"payload.name + 1}\"): cannot add"), 0U)
      << session.warnings.front();
  auto silent = begin_session(cache);
  ASSERT_TRUE(result_variables(silent, "", "={a: payload.name + 1}", response));
  EXPECT_TRUE(silent.warnings.empty());
}

}  // namespace
}  // namespace worker::results
