// Expressions as modellers write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/header_texts.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::StartsWith;

struct written {
  std::string function;
  std::string payload;
  std::string header;
  std::string expression;
  std::string then;  // the completion's variables, or "throws CODE message"
};

// As modellers write them: in the connectors' documentation, in its issues, and by hand.
TEST(JourneyExpressions, WhatModellersWrite) {
  const std::string items =
      R"({"items":[{"id":1,"name":"cup","price":5},{"id":2,"name":"pan","price":12.5}],)"
      R"("results":[7],"text":"{\"a\": [1, 2]}","when":"2024-02-28T10:00:00Z","ok":true,"none":null})";
  const std::string broken = R"({"type":"OutOfStock","message":"no pans: timeout 504"})";
  const std::string result = "resultExpression";
  const std::string error = "errorExpression";
  const std::vector<written> all = {
      {"echo", items, result, "={ myElem : response.payload.results[1] }", R"({"myElem":7})"},
      {"echo", items, result,
       "= {\n  // the answer\n  first: payload.items[1].id, /* and */\n  last: "
       "payload.items[-1].id\n}",
       R"({"first":1,"last":2})"},
      {"echo", items, result, "={count: count(payload.items), total: sum(payload.items.price)}",
       R"({"count":2,"total":17.5})"},
      {"echo", items, result, "={names: string join(payload.items.name, \", \")}",
       R"({"names":"cup, pan"})"},
      {"echo", items, result, "={found: some i in payload.items satisfies i.id = 2}",
       R"({"found":true})"},
      {"echo", items, result, "={text: string(count(payload.items)) + \" items\"}",
       R"({"text":"2 items"})"},
      {"echo", items, result, "={a: from json(payload.text).a[2]}", R"({"a":2})"},
      {"echo", items, result,
       "={day: date(date and time(payload.when)), hour: date and time(payload.when).hour}",
       R"({"day":"2024-02-28","hour":10})"},
      {"echo", items, result,
       "={state: if statusCode = 200 and payload.ok then \"done\" else \"open\"}",
       R"({"state":"done"})"},
      {"echo", items, result,
       "={dear: payload.items[item.price >= 10], none: payload.items[price > 99]}",
       R"({"dear":[{"id":2,"name":"pan","price":12.5}],"none":[]})"},
      {"echo", items, result,
       "={ids: distinct values(concatenate(payload.results, payload.items.id))}",
       R"({"ids":[7,1,2]})"},
      {"echo", items, result, "={order: context merge([{id: 4}, payload.items[1]]).name}",
       R"({"order":"cup"})"},
      {"echo", R"({"a":1,"b":{"c":null}})", result, "=response.payload",
       R"({"a":1,"b":{"c":null}})"},
      {"echo", items, result, "payload.missing", "{}"},
      {"echo", items, error,
       "if is defined(error) then bpmnError(\"Custom\", \"Custom message\") else null", ""},
      {"not-there", "{}", error,
       "if is defined(error) then bpmnError(\"Custom\", \"Custom message\") else null",
       "throws Custom Custom message"},
      {"fail", broken, error,
       "=if error != null and error.type = \"OutOfStock\"\nthen bpmnError(\"NO_STOCK\", "
       "error.message)\nelse null",
       "throws NO_STOCK no pans: timeout 504"},
      {"fail", broken, error,
       "=if contains(lower case(error.message), \"timeout\") then bpmnError(\"504\", \"slow\") "
       "else null",
       "throws 504 slow"},
      {"fail", broken, error,
       "=if payload.errorType != null then bpmnError(payload.errorType, payload.errorMessage) else "
       "null",
       "throws OutOfStock no pans: timeout 504"},
      {"echo", items, error,
       "=if error != null then jobError(\"failed\") else if count(response.payload.results) != 2 "
       "then bpmnError(\"wrongElementCount\") else null",
       "throws wrongElementCount "},
      {"echo", items, error,
       "={errorType: \"bpmnError\", errorCode: string(payload.results[1]), errorMessage: \"by "
       "hand\"}",
       "throws 7 by hand"},
      {"not-there", "{}", error,
       "=if matches(error.code, \"NOT_.*\") then ignoreError({status: statusCode, code: "
       "response.error.code}) else null",
       R"({"status":null,"code":"NOT_FOUND"})"},
  };
  test_environment env;
  for (const auto& one : all) {
    SCOPED_TRACE(one.expression);
    auto spec = call_of(one.function, one.payload, headers({{one.header.c_str(), one.expression}}));
    spec.caught_errors = {"Custom", "NO_STOCK", "504", "OutOfStock", "wrongElementCount", "7"};
    const auto job = env.run(spec);
    EXPECT_EQ(job.incident_message, "");
    const auto end = job.state == job_state::error_thrown
                         ? "throws " + job.error_code + ' ' + job.error_message
                         : job.completion_variables;
    if (one.then.empty()) {
      EXPECT_THAT(end, StartsWith(R"({"statusCode":200,)"));
    } else {
      EXPECT_EQ(end, one.then);
    }
  }
}

}  // namespace
}  // namespace journey
