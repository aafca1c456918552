// `errorExpression`: rows of what it gives and how the job ends; `retryBackoff` as an expression.
#include "worker/results/error_expression.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

namespace worker::results {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view seen =
    R"({"statusCode":200,"payload":{"total":1.10,"items":[1,2]},)"
    R"("error":{"code":"FUNCTION_ERROR","type":"OrderNotFound","message":"no order 7"}})";
constexpr std::string_view job = R"({"retries":3,"attempt":1})";

evaluated<error_decision> decided(std::string_view expression, std::string_view of = seen) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  return decide(session, expression, of, job);
}

// "throw CODE|message|variables", "fail message|variables|retries|milliseconds",
// "complete variables", "none", or what is wrong.
std::string text_of(const evaluated<error_decision>& decision) {
  if (!decision) return "wrong: " + decision.error().message;
  if (const auto* thrown = std::get_if<bpmn_error_decision>(&*decision)) {
    return fmt::format("throw {}|{}|{}", thrown->code, thrown->message, thrown->variables);
  }
  if (const auto* failed = std::get_if<job_error_decision>(&*decision)) {
    return fmt::format("fail {}|{}|{}|{}", failed->message, failed->variables, failed->retries,
                       failed->back_off.count());
  }
  if (const auto* ignored = std::get_if<ignore_error_decision>(&*decision)) {
    return fmt::format("complete {}", ignored->variables);
  }
  return "none";
}

struct error_row {
  std::string name;
  std::string expression;
  std::string then;
};

class ErrorExpression : public testing::TestWithParam<error_row> {};

TEST_P(ErrorExpression, Decision) {
  EXPECT_EQ(text_of(decided(GetParam().expression)), GetParam().then);
}

INSTANTIATE_TEST_SUITE_P(
    NoDecision, ErrorExpression,
    testing::Values(
        error_row{"Null", "=null", "none"}, error_row{"EmptyContext", "={}", "none"},
        error_row{"Blank", "  ", "none"}, error_row{"TheSignAlone", "=", "none"},
        error_row{"AnUnknownFunction", "=bpmnErrors(\"A\", \"b\")", "none"},
        error_row{"AWrongCountOfArguments", "=bpmnError()", "none"},
        error_row{"ACodeOfNull", R"(={errorType: "bpmnError", errorCode: null})", "none"},
        error_row{"AConditionThatDoesNotHold",
                  R"(=if statusCode = 500 then bpmnError("A", "b") else null)", "none"}),
    [](const testing::TestParamInfo<error_row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    BpmnError, ErrorExpression,
    testing::Values(
        error_row{
            "ByTheTypeOfTheError",
            R"(=if error.type = "OrderNotFound" then bpmnError(error.type, error.message) else null)",
            "throw OrderNotFound|no order 7|{}"},
        error_row{"WithVariables", R"(=bpmnError("A", "b", {total: payload.total, n: null}))",
                  R"(throw A|b|{"total":1.10,"n":null})"},
        error_row{"ByTheCodeAlone", R"(=bpmnError("A"))", "throw A||{}"},
        error_row{"NamedArguments", R"(=bpmnError(errorMessage: "b", errorCode: "A"))",
                  "throw A|b|{}"},
        error_row{"ByHand", R"(={errorType: "bpmnError", errorCode: "A", more: 1})", "throw A||{}"},
        error_row{"ByHandWithTheOlderNames",
                  R"(={errorType: "bpmnError", code: "A", message: "b"})", "throw A|b|{}"},
        error_row{"ANumberIsACode", R"(={errorType: "bpmnError", errorCode: 404})",
                  "throw 404||{}"},
        error_row{"ThroughTheWholeResponse", "=bpmnError(response.error.code, string(job.retries))",
                  "throw FUNCTION_ERROR|3|{}"}),
    [](const testing::TestParamInfo<error_row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    JobError, ErrorExpression,
    testing::Values(
        error_row{"WithoutMoreHasNoRetries", R"(=jobError("m"))", R"(fail m|{}|0|0)"},
        error_row{"KeepsRetries",
                  R"(=jobError("m", {a: payload.total}, job.retries - 1, @"PT30S"))",
                  R"(fail m|{"a":1.10}|2|30000)"},
        error_row{"RetriesBelowZero", R"(=jobError("m", {}, -5))", R"(fail m|{}|0|0)"},
        error_row{"RetriesWithAFraction", R"(=jobError("m", {}, 2.7))", R"(fail m|{}|2|0)"},
        error_row{"RetriesBeyondAllBounds", R"(=jobError("m", {}, 10**30))",
                  fmt::format(R"(fail m|{{}}|{}|0)", std::numeric_limits<std::int32_t>::max())},
        error_row{"RetriesFarBelowZero", R"(=jobError("m", {}, 0 - 10**30))", R"(fail m|{}|0|0)"},
        error_row{"ABackOffBelowZero", R"(=jobError("m", {}, 1, @"-PT5S"))", R"(fail m|{}|1|0)"},
        error_row{"ABackOffBeyondAllBounds", R"(=jobError("m", {}, 1, duration("P99999999D")))",
                  R"(fail m|{}|1|315360000000)"},
        error_row{"ByHand", R"(={errorType: "jobError", errorMessage: "m", retryBackoff: "PT1M"})",
                  R"(fail m|{}|0|60000)"}),
    [](const testing::TestParamInfo<error_row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    IgnoreError, ErrorExpression,
    testing::Values(error_row{"WithoutVariables", "=ignoreError()", "complete {}"},
                    error_row{"WithVariables", "=ignoreError({total: payload.total})",
                              R"(complete {"total":1.10})"},
                    error_row{"ByHand", R"(={errorType: "ignoreError", variables: {a: 1}})",
                              R"(complete {"a":1})"}),
    [](const testing::TestParamInfo<error_row>& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Wrong, ErrorExpression,
    testing::Values(
        error_row{
            "List", "=[1]",
            "wrong: must give bpmnError(...), jobError(...), ignoreError(...) or null; it gives a "
            "list"},
        error_row{
            "False", "=false",
            "wrong: must give bpmnError(...), jobError(...), ignoreError(...) or null; it gives a "
            "boolean"},
        error_row{"WithoutAType", "={a: 1}",
                  "wrong: gives a context whose errorType is neither bpmnError nor jobError nor "
                  "ignoreError"},
        error_row{"AnotherType", R"(={errorType: "error"})",
                  "wrong: gives a context whose errorType is neither bpmnError nor jobError nor "
                  "ignoreError"},
        error_row{
            "AMessageOfNull", R"(=bpmnError("A", error.missing))",
            "wrong: failed at column 2 (near \"bpmnError(\"A\", error.missing)\"): bpmnError: "
            "'errorMessage' is no string but null"},
        error_row{"VariablesThatAreNoContext", R"(={errorType: "ignoreError", variables: 1})",
                  "wrong: gives a field 'variables' that is no context"},
        error_row{"RetriesThatAreNoNumber",
                  R"(={errorType: "jobError", errorMessage: "m", retries: "3"})",
                  "wrong: gives a field 'retries' that is no number"},
        error_row{"ABackOffOfMonths",
                  R"(={errorType: "jobError", errorMessage: "m", retryBackoff: @"P1M"})",
                  "wrong: gives a back-off that is no days and time duration such as @\"PT30S\""},
        error_row{
            "NoExpression", "=1 +",
            "wrong: is no FEEL expression, at column 5 (the end): expected a name or a value but "
            "the text ends"}),
    [](const testing::TestParamInfo<error_row>& info) { return info.param.name; });

TEST(RetryBackOff, IsADurationItsTextOrNull) {
  const auto length = [](std::string_view expression) {
    feel::expression_cache cache;
    auto session = begin_session(cache);
    return retry_back_off(session, expression, seen, job);
  };
  EXPECT_EQ(*length(R"(=@"PT1S" * job.attempt)"), seconds(1));
  EXPECT_EQ(*length(R"(=if error.type = "OrderNotFound" then duration("PT1H") else null)"),
            hours(1));
  EXPECT_EQ(*length(R"(="PT2S")"), seconds(2));
  EXPECT_EQ(*length(R"(=backoff(job.attempt, @"PT1S", 2, @"PT1M", 0))"), seconds(1));
  EXPECT_EQ(*length("=null"), std::nullopt);
  EXPECT_EQ(*length(R"(=@"-PT2S")"), milliseconds(0));
  EXPECT_EQ(length("=30").error().fault, expression_fault::wrong_value);
  EXPECT_EQ(length("=backoff(0)").error().fault, expression_fault::failed);
}

}  // namespace
}  // namespace worker::results
