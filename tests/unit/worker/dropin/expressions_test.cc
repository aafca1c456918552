// Result and error expressions of the profile camunda: what they see, and what follows. The rows
// are the rules of the connector runtime; where this worker does better, the name of the test says
// so.
#include <gtest/gtest.h>

#include "tests/unit/worker/jobs/outcomes.h"

namespace worker::jobs {
namespace {

using connector::failure_class;

using headers = std::map<std::string, std::string>;

connector::outcome answered(std::string payload = R"({"n":2,"state":"open"})") {
  return answer_with(std::move(payload));
}

connector::outcome failed_function() {
  return with_function_error(answered(R"({"errorType":"NoStock","errorMessage":"sold out"})"),
                             "NoStock");
}

connector::outcome refused(int status = 404, std::string name = "ResourceNotFoundException") {
  return refused_by_lambda(status, std::move(name), failure_class::permanent);
}

class DropInExpressions : public testing::Test {
 protected:
  // "complete VARIABLES", "fail RETRIES BACKOFF VARIABLES", "throw CODE MESSAGE VARIABLES".
  std::string end(const connector::outcome& from, headers texts, int retries = 3) {
    texts["profile"] = "camunda";
    const auto read = read_task_headers(texts);
    EXPECT_TRUE(read.has_value());
    const job_facts job{retries, 0, false};
    expression_facts expressions{results::begin_session(parsed_), response_of(from, job, true),
                                 masks_};
    const auto command = outcome_to_command(from, *read, job, half, &expressions);
    if (const auto* done = std::get_if<complete_command>(&command)) {
      return "complete " + done->variables;
    }
    if (const auto* failing = std::get_if<fail_command>(&command)) {
      message_ = failing->message;
      return fmt::format("fail {} {} {}", failing->retries, failing->back_off.count(),
                         failing->variables);
    }
    const auto& thrown = std::get<throw_command>(command);
    return fmt::format("throw {} {} {}", thrown.error_code, thrown.message, thrown.variables);
  }

  feel::expression_cache parsed_;
  secrets::redactor masks_;
  std::string message_;
};

TEST_F(DropInExpressions, OneRowForEachRuleOfResults) {
  const struct {
    const char* rule;
    headers texts;
    const char* end;
  } rows[] = {
      {"fields at the root and the whole as response",
       {{"resultExpression", "={a: payload.n, b: response.payload.n, s: statusCode}"}},
       R"(complete {"a":2,"b":2,"s":200})"},
      {"a leading = is not needed",
       {{"resultExpression", "{a: payload.n}"}},
       R"(complete {"a":2})"},
      {"over the result variable",
       {{"resultVariable", "r"}, {"resultExpression", "={r: payload.n, v: executedVersion}"}},
       R"(complete {"r":2,"v":"7"})"},
      {"null gives nothing", {{"resultExpression", "=null"}}, "complete {}"},
      {"null entries are variables",
       {{"resultExpression", "={a: nothing}"}},
       R"(complete {"a":null})"},
      {"a blank expression counts as absent",
       {{"resultExpression", "  "}, {"resultVariable", "r"}},
       R"(complete {"r":{"statusCode":200,"executedVersion":"7","payload":{"n":2,"state":"open"}}})"},
      {"no request id, log or error to see",
       {{"resultExpression", "={a: requestId, b: log, c: error}"}},
       R"(complete {"a":null,"b":null,"c":null})"},
  };
  for (const auto& row : rows) EXPECT_EQ(end(answered(), row.texts), row.end) << row.rule;
}

// At the runtime the second kind costs one retry, so the function is called again.
TEST_F(DropInExpressions, ResultExpressionWithoutAContextIsAnIncidentAndNoOtherCall) {
  for (const auto* text : {"=[1]", "=\"x\"", "=1", "={a: payload.fn(1)}"}) {
    EXPECT_TRUE(end(answered(), {{"resultExpression", text}})
                    .starts_with(R"(fail 0 0 {"error":{"type":"io.camunda.connector.api.error.)"))
        << text;
  }
}

TEST_F(DropInExpressions, ErrorExpressionSeesAFailingResultExpression) {
  EXPECT_EQ(end(answered(), {{"resultExpression", "=1"},
                             {"errorExpression",
                              "=if ends with(error.type, \"ConnectorInputException\") and "
                              "response.error != null and statusCode = null then "
                              "bpmnError(\"BAD\", \"x\") else null"}}),
            "throw BAD x {}");
}

TEST_F(DropInExpressions, OneRowForEachRuleOfErrors) {
  const auto shows = [](const char* shown) {
    return "=bpmnError(\"E\", \"x\", {seen: " + std::string(shown) + "})";
  };
  const struct {
    const char* rule;
    connector::outcome from;
    headers texts;
    const char* end;
  } rows[] = {
      {"without result headers the raw response is seen",
       answered(),
       {{"errorExpression", shows("response.statusCode")}},
       R"(throw E x {"seen":200})"},
      {"with a result variable the variables are seen, not the response",
       answered(),
       {{"resultVariable", "r"}, {"errorExpression", shows("[statusCode, r.statusCode]")}},
       R"(throw E x {"seen":[null,200]})"},
      {"with a result expression too",
       answered(),
       {{"resultExpression", "={a: 1}"},
        {"errorExpression", shows("[statusCode, a, response.a, payload]")}},
       R"(throw E x {"seen":[null,1,1,null]})"},
      {"a result of nothing leaves the response",
       answered(),
       {{"resultExpression", "=null"}, {"errorExpression", shows("statusCode")}},
       R"(throw E x {"seen":200})"},
      {"job.retries are those before the failure",
       answered(),
       {{"errorExpression", shows("job.retries")}},
       R"(throw E x {"seen":3})"},
      {"a failed function is seen by its payload",
       failed_function(),
       {{"errorExpression",
         "=if payload.errorType = \"NoStock\" then bpmnError(\"NO_STOCK\", payload.errorMessage) "
         "else null"}},
       "throw NO_STOCK sold out {}"},
      {"an exception has type and message and no code",
       refused(),
       {{"errorExpression", shows("[error.type, response.error.message, error.code, statusCode]")}},
       R"(throw E x {"seen":["software.amazon.awssdk.services.lambda.model.ResourceNotFoundException",)"
       R"x("Function not found (Service: Lambda, Status Code: 404, Request ID: r-1) (SDK Attempt )x"
       R"x(Count: 1)",null,null]})x"},
      {"null decides nothing",
       answered(),
       {{"resultVariable", "r"}, {"errorExpression", "=null"}},
       R"(complete {"r":{"statusCode":200,"executedVersion":"7","payload":{"n":2,"state":"open"}}})"},
      {"an empty context decides nothing", answered(), {{"errorExpression", "={}"}}, "complete {}"},
      {"jobError is an incident unless it gives retries",
       answered(),
       {{"errorExpression", "=jobError(\"no luck\", {a: 1, error: 2})"}},
       R"(fail 0 0 {"a":1,"error":"no luck"})"},
      {"jobError with retries and back-off",
       answered(),
       {{"errorExpression", "=jobError(\"later\", {}, 2, @\"PT5S\")"}},
       R"(fail 2 5000 {"error":"later"})"},
      {"ignoreError completes with its variables alone",
       refused(),
       {{"resultVariable", "r"}, {"errorExpression", "=ignoreError({done: false})"}},
       R"(complete {"done":false})"},
      {"a context by hand counts",
       refused(),
       {{"errorExpression", "={errorType: \"bpmnError\", errorCode: \"X\", errorMessage: \"m\"}"}},
       "throw X m {}"},
  };
  for (const auto& row : rows) EXPECT_EQ(end(row.from, row.texts), row.end) << row.rule;
}

TEST_F(DropInExpressions, ErrorExpressionThatFailsIsAnIncidentWhateverItWasAskedAbout) {
  for (const auto* text : {"=\"x\"", "=1", "=[1]", "={errorType: \"other\"}",
                           "=bpmnError(1, \"x\")", "=payload.fn(1)"}) {
    for (const auto& from : {answered(), failed_function(), refused(429, "")}) {
      EXPECT_TRUE(end(from, {{"errorExpression", text}}).starts_with("fail 0 0 {\"error\":"))
          << text;
    }
  }
}

TEST_F(DropInExpressions, ForbiddenTextOfResultsIsAnIncident) {
  const auto smuggled = answered(R"({"camunda.function.type":"base64"})");
  EXPECT_TRUE(end(smuggled, {{"resultVariable", "r"}}).starts_with("fail 0 0 "));
  EXPECT_NE(message_.find("camunda.function.type"), std::string::npos);
  EXPECT_TRUE(end(smuggled, {{"resultExpression", "={a: payload}"}}).starts_with("fail 0 0 "));
  EXPECT_EQ(end(smuggled, {{"resultExpression", "={a: 1}"}}), R"(complete {"a":1})");
}

// The engine reads the escapes, so the next task gets the forbidden name.
TEST_F(DropInExpressions, ForbiddenTextIsFoundInEscapes) {
  for (const auto* spelled :
       {R"({"camunda.function\u002etype":"base64"})", R"({"a":[{"\u0063amunda.function.type":1}]})",
        R"({"a":"\u00e9","camunda\u002Efunction\u002Etype":"base64"})",
        R"({"a":"camunda.function.typ\u0065\ud800"})"}) {
    const auto smuggled = answered(spelled);
    EXPECT_TRUE(end(smuggled, {{"resultVariable", "r"}}).starts_with("fail 0 0 ")) << spelled;
    EXPECT_NE(message_.find("RESPONSE_REFUSED"), std::string::npos) << message_;
    EXPECT_TRUE(end(smuggled, {{"resultExpression", "={a: payload}"}}).starts_with("fail 0 0 "))
        << spelled;
  }
  for (const auto* harmless : {R"({"a":"camunda.fun\u00e9ction.type"})",
                               R"({"a":"camunda.function\\u002etype"})", R"({"a\u002e":1})"}) {
    EXPECT_TRUE(end(answered(harmless), {{"resultVariable", "r"}}).starts_with("complete "))
        << harmless;
  }
}

TEST_F(DropInExpressions, ForbiddenTextOfErrorExpressionsIsAnIncident) {
  for (const auto* payload :
       {R"({"camunda.function.type":"base64"})", R"({"camunda.function\u002etype":"base64"})"}) {
    for (const auto* text : {"=ignoreError(payload)", "=bpmnError(\"X\", \"m\", payload)",
                             "=jobError(\"m\", payload, 2)", "=ignoreError({deep: [payload]})"}) {
      const auto ended = end(answered(payload), {{"errorExpression", text}});
      EXPECT_TRUE(ended.starts_with("fail 0 0 ")) << ended;
      EXPECT_EQ(ended.find("base64"), std::string::npos) << ended;
      EXPECT_NE(message_.find("RESPONSE_REFUSED"), std::string::npos) << message_;
      EXPECT_NE(message_.find("camunda.function.type"), std::string::npos) << message_;
    }
  }
  // What decides nothing, or does not take it over, is as before.
  const auto smuggled = answered(R"({"camunda.function.type":"base64"})");
  EXPECT_EQ(end(smuggled, {{"errorExpression", "=null"}}), "complete {}");
  EXPECT_EQ(end(smuggled, {{"errorExpression", "=ignoreError({a: 1})"}}), R"(complete {"a":1})");
  // The model may say why the result was refused.
  EXPECT_TRUE(end(smuggled, {{"resultVariable", "r"},
                             {"errorExpression", "=ignoreError({why: error.message})"}})
                  .starts_with(R"(complete {"why":"The result of )"));
}

TEST_F(DropInExpressions, NumbersThatPassThroughKeepTheirText) {
  EXPECT_EQ(end(answered(R"({"d":1.10,"i":12345678901234567890})"),
                {{"resultExpression", "={d: payload.d, i: payload.i}"}}),
            R"(complete {"d":1.10,"i":12345678901234567890})");
}

}  // namespace
}  // namespace worker::jobs
