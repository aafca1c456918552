#include "connector/lambda/durable/execution_state.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "connector/lambda/durable/execution_arn.h"

namespace connector::lambda {
namespace {

using phase = execution_state::phase;

struct status_row {
  const char* status;
  phase at;
};

TEST(ExecutionState, StatusDecidesWhetherItHasEnded) {
  for (const auto& row : std::vector<status_row>{{"RUNNING", phase::runs},
                                                 {"PAUSING", phase::runs},
                                                 {"PAUSED", phase::runs},
                                                 {"SOMETHING_NEW", phase::runs},
                                                 {"SUCCEEDED", phase::succeeded},
                                                 {"FAILED", phase::failed},
                                                 {"TIMED_OUT", phase::failed},
                                                 {"STOPPED", phase::failed},
                                                 {"DELETING", phase::deleted}}) {
    const auto state = read_execution(std::string(R"({"Status":")") + row.status + "\"}");
    ASSERT_TRUE(state) << row.status;
    EXPECT_EQ(state->at, row.at) << row.status;
    EXPECT_EQ(state->status, row.status);
  }
}

TEST(ExecutionState, ResultIsTheJsonInItsString) {
  const auto result = [](const std::string& token) {
    const auto state = read_execution(R"({"Status":"SUCCEEDED","Result":)" + token + "}");
    return state ? state->result : state.error().message;
  };
  EXPECT_EQ(result(R"("{\"n\":12345678901234567890,\"d\":1.10}")"),
            R"({"n":12345678901234567890,"d":1.10})");
  EXPECT_EQ(result(R"("no JSON")"), R"("no JSON")");
  EXPECT_EQ(result(R"("")"), "null");
  EXPECT_EQ(result("null"), "null");
  EXPECT_EQ(result(R"("\ud800")"), R"("\ud800")");
}

TEST(ExecutionState, WhatIsNoSuchAnswerIsRefused) {
  for (const char* body : {"", "[]", "{}", R"({"Status":1})", R"({"Status":""})", "<html>"}) {
    EXPECT_FALSE(read_execution(body)) << body;
  }
}

struct failure_row {
  const char* body;
  const char* type;
  const char* message;
};

TEST(ExecutionState, FailuresHaveATypeThatAModelCanCatch) {
  for (const auto& row : std::vector<failure_row>{
           {R"({"Status":"FAILED","Error":{"ErrorType":"OutOfStock","ErrorMessage":"none"}})",
            "OutOfStock", "none"},
           {R"({"Status":"FAILED"})", "FAILED", ""},
           {R"({"Status":"TIMED_OUT","Error":{"ErrorMessage":"late"}})", "TIMED_OUT", "late"},
           {R"({"Status":"STOPPED","Error":{"ErrorType":"Cancelled","ErrorMessage":"by me"}})",
            "STOPPED", "Cancelled: by me"},
           {R"({"Status":"STOPPED","Error":{"ErrorType":"Cancelled"}})", "STOPPED", "Cancelled"}}) {
    const auto state = read_execution(row.body);
    ASSERT_TRUE(state) << row.body;
    EXPECT_EQ(state->failure.type, row.type) << row.body;
    EXPECT_EQ(state->failure.message, row.message) << row.body;
  }
}

std::string shown(const answer& of) {
  std::string out;
  for (const auto& field : of.variables) out += field.name + "=" + field.value + "\n";
  for (const auto& field : of.details) out += field.name + "=" + field.value + "\n";
  return out;
}

TEST(ExecutionState, AnswerIsThatOfACallThatWaited) {
  auto good = read_execution(R"({"Status":"SUCCEEDED","Version":"7","Result":"[1]"})");
  EXPECT_EQ(shown(answer_of(*std::move(good), "arn:x", "id-1", "f")),
            "statusCode=200\nexecutedVersion=\"7\"\npayload=[1]\nlog=null\nrequestId=\"id-1\"\n"
            "durableExecutionArn=\"arn:x\"\n");
  auto bad = read_execution(
      R"({"Status":"FAILED","Version":"7","Error":{"ErrorType":"E","ErrorMessage":"m",)"
      R"("StackTrace":["a"],"ErrorData":"{}"}})");
  const auto failed = answer_of(*std::move(bad), "arn:x", "id-1", "f");
  EXPECT_EQ(shown(failed),
            "statusCode=200\nexecutedVersion=\"7\"\n"
            R"(payload={"errorType":"E","errorMessage":"m","stackTrace":["a"],"errorData":"{}"})"
            "\nlog=null\nrequestId=\"id-1\"\nfunctionError=\"FAILED\"\n"
            "durableExecutionArn=\"arn:x\"\n");
  EXPECT_EQ(failed.function_error->json(),
            R"({"code":"FUNCTION_ERROR","type":"E","message":"m","stackTrace":["a"],)"
            R"("requestId":"id-1","functionName":"f"})");
}

TEST(ExecutionArn, HasItsParts) {
  const auto arn = parse_execution_arn(
      "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my_fn-1:$LATEST.PUBLISHED"
      "/durable-execution/job-7/0f_1-2");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->region, "us-gov-west-1");
  EXPECT_EQ(arn->account, "123456789012");
  EXPECT_EQ(arn->function, "my_fn-1");
  EXPECT_EQ(arn->version, "$LATEST.PUBLISHED");
  EXPECT_EQ(arn->name, "job-7");
  for (const char* text :
       {"", "arn:aws:lambda:us-east-1:123456789012:function:f:1",
        "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/n",
        "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/n/i/j",
        "arn:aws:lambda:us-east-1:123456789012:function:f:1/durable-execution/../i",
        "arn:aws:lambda:us-east-1:12345678901:function:f:1/durable-execution/n/i",
        "arn:aws:s3:us-east-1:123456789012:function:f:1/durable-execution/n/i",
        "arn:aws:lambda:us-east-1:123456789012:function:f:1/other/n/i"}) {
    EXPECT_FALSE(parse_execution_arn(text)) << text;
  }
}

}  // namespace
}  // namespace connector::lambda
