// How jobs end by resultExpression: rows of headers and outcomes, and the command.
#include "connector/base/json.h"
#include "tests/unit/worker/jobs/expression_ends.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;

using ResultExpressionEnds = expression_ends;

TEST_F(ResultExpressionEnds, TheEntriesOfAResultExpressionAreWrittenInsteadOfTheFiveVariables) {
  EXPECT_EQ(
      text(answered(), {{"resultExpression", "={n: payload.n, d: payload.d, id: requestId}"}}),
      R"(complete {"n":12345678901234567890,"d":1.10,"id":"r-1"})");
  EXPECT_EQ(text(answered(), {{"resultExpression", "=null"}}), "complete {}");
}

TEST_F(ResultExpressionEnds, ResultVariableAndResultExpressionTogether) {
  const auto out = text(answered(), {{"resultVariable", "r"}, {"resultExpression", "={v: 1}"}});
  EXPECT_EQ(out.find(R"(complete {"r":{"statusCode":200,)"), 0U) << out;
  EXPECT_EQ(out.substr(out.size() - 8), R"(},"v":1})") << out;
}

TEST_F(ResultExpressionEnds, AResultExpressionWinsOverTheNamesOfAlfresco) {
  EXPECT_EQ(text(answered(), {{"outputs", "alfresco"}, {"resultExpression", "={v: 1}"}}),
            R"(complete {"v":1})");
}

TEST_F(ResultExpressionEnds, AFailedFunctionKeepsItsErrorBesideTheEntries) {
  const headers mapped{{"resultExpression", "={v: statusCode}"}};
  EXPECT_EQ(text(function_failed(), mapped).find(R"(complete {"v":200,"error":{"code":"FUNCTION)"),
            0U);
  // Unless the expression wrote one, or it lies in resultVariable.
  EXPECT_EQ(text(function_failed(), {{"resultExpression", "={error: error.type}"}}),
            R"(complete {"error":"OrderNotFound"})");
  const auto whole =
      text(function_failed(), {{"resultVariable", "r"}, {"resultExpression", "={v: 1}"}});
  EXPECT_EQ(whole.find(R"(},"v":1,"error")"), whole.npos) << whole;
}

TEST_F(ResultExpressionEnds, AResultThatCannotBeMappedIsNeverCalledForAgain) {
  for (const auto* text : {"=payload.n", "=[1]", R"(={a: assert(1, false, "no total")})"}) {
    const auto failing = failure(answered(), {{"resultExpression", text}});
    EXPECT_EQ(failing.retries, 0);
    EXPECT_EQ(failing.message.find("EXPRESSION_ERROR: Header 'resultExpression' "), 0U);
    EXPECT_NE(failing.message.find("function \"orders\" in eu-west-1"), std::string::npos);
    EXPECT_NE(failing.message.find("is not called again"), std::string::npos);
    EXPECT_EQ(failing.message.find("declined"), std::string::npos) << "shows the payload";
  }
}

// The answer is the function's and keeps a secret that is in it; an incident does not show it.
TEST_F(ResultExpressionEnds, AFailureOverASecretDoesNotSayItsReason) {
  for (const auto* expression :
       {"=assert(payload.n, false, payload.text)", "=assert(1, false, upper case(payload.text))",
        "=assert(1, false, substring(payload.text, 3))"}) {
    const auto out = answer_with(R"({"n":1,"text":")" + hidden + R"("})", R"("START END")");
    const auto failing = failure(out, {{"resultExpression", expression}});
    EXPECT_NE(
        failing.message.find("Header 'resultExpression' failed on a text that holds a secret"),
        std::string::npos)
        << failing.message;
  }
}

// The response is JSON, which is no layer of a text in it.
TEST_F(ResultExpressionEnds, AFailureOverASecretThatIsEscapedFourTimesDoesNotSayItsReason) {
  masks_.add(connector::secret_string("pa\"ss-word1"));
  std::string written = "pa\"ss-word1";
  for (int i = 0; i < 4; ++i) {
    written = connector::json::quote(written);
    written = written.substr(1, written.size() - 2);
  }
  const auto out = answer_with("{\"text\":" + connector::json::quote(written) + "}");
  const headers failing{{"resultExpression", "=assert(1, false, upper case(payload.text))"},
                        {"retryBackoff", "=assert(1, false, upper case(payload.text))"}};
  const auto said = text(out, failing);
  EXPECT_NE(said.find("failed on a text that holds a secret"), said.npos) << said;
  const auto failed =
      text(with_function_error(out, "A"),
           {{"onFunctionError", "fail"}, {"retryBackoff", failing.at("retryBackoff")}});
  EXPECT_NE(failed.find("header 'retryBackoff' failed on a text that holds a secret"), failed.npos)
      << failed;
}

// A reason quotes a piece of the expression.
TEST_F(ResultExpressionEnds, OfAnExpressionThatHoldsASecretInClearNoReasonIsShown) {
  const std::string secret = "s3cr3t-value-of-more-than-one-quoted-piece-of-an-expression";
  masks_.add(connector::secret_string(secret));
  for (const auto* before : {"=assert(1, false, \"", "={a: 1} + \"", "=not \"", "=\"", "=("}) {
    const auto expression = before + secret + "\")";
    for (const auto* name : {"resultExpression", "errorExpression", "retryBackoff"}) {
      const auto said = text(with_function_error(answer_with("1"), "A"),
                             {{name, expression}, {"onFunctionError", "fail"}});
      EXPECT_EQ(said.find("s3cr3t"), said.npos) << name << ' ' << said;
      EXPECT_EQ(said.find("one-quoted"), said.npos) << name << ' ' << said;
      EXPECT_EQ(said.find("fail "), 0U) << name << ' ' << said;
    }
  }
  const auto said =
      text(answer_with("1"), {{"resultExpression", "=assert(1, false, \"" + secret + "\")"}});
  EXPECT_NE(said.find("Header 'resultExpression' holds a secret in clear"), said.npos) << said;
}

TEST_F(ResultExpressionEnds, AResultThatCannotBeMappedIsAnErrorLikeOthers) {
  const headers broken{{"resultExpression", "=1"}};
  auto caught = broken;
  caught["bpmnErrors"] = "EXPRESSION_ERROR";
  EXPECT_EQ(text(answered(), caught).find("throw EXPRESSION_ERROR "), 0U);
  auto completes = broken;
  completes["onError"] = "complete";
  const auto done = completed(answered(), completes);
  EXPECT_EQ(done.variables.find(R"({"error":{"code":"EXPRESSION_ERROR")"), 0U) << done.variables;
  EXPECT_TRUE(done.may_have_run);
  auto decided = broken;
  decided["errorExpression"] =
      R"(=if error.code = "EXPRESSION_ERROR" then ignoreError({n: payload.n}) else null)";
  EXPECT_EQ(text(answered(), decided), R"(complete {"n":12345678901234567890})");
}

TEST_F(ResultExpressionEnds, OnErrorCompleteMapsTheResponseOfACallThatFailed) {
  const headers mapped{{"onError", "complete"},
                       {"resultExpression", "={v: payload, c: error.code}"}};
  const auto refused = call_failed(error_code::not_found, failure_class::permanent);
  EXPECT_EQ(
      text(refused, mapped).find(R"(complete {"v":null,"c":"NOT_FOUND","error":{"code":"NOT)"), 0U);
  const headers broken{{"onError", "complete"},
                       {"resultExpression", "=payload.items[1].id + 1"},
                       {"errorExpression", ""}};
  EXPECT_EQ(text(refused, broken).find(R"(complete {"error":{"code":"NOT_FOUND")"), 0U)
      << text(refused, broken);
}

TEST_F(ResultExpressionEnds, ATaskListenerWritesNothingSoItsResultIsNotMapped) {
  job_.kind = engine::job_kind::task_listener;
  EXPECT_EQ(text(answered(), {{"resultExpression", "=1"}}), "complete ");
}

}  // namespace
}  // namespace worker::jobs
