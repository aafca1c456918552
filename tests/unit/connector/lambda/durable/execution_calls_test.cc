// The calls about an execution that was started before: the question of a call that polls, the
// stop, and the two operations. What goes out, and what comes of the answers.
#include <gmock/gmock.h>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using http::failure_kind;
using http::request_progress;
using testing::HasSubstr;
using testing::StartsWith;

const std::string running_arn =
    "arn:aws:lambda:us-east-1:123456789012:function:orders:2/durable-execution/job-42/id-1";
const std::string arn_in_path =
    "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aorders%3A2%2Fdurable-"
    "execution%2F"
    "job-42%2Fid-1";

class ExecutionCalls : public service_fixture {
 protected:
  static call polling(const std::string& execution = {}) {
    auto asked = orders();
    asked.durable = durable_run{"job-42", "", true, execution};
    return asked;
  }
  static call ask(operation_id operation, std::vector<input_value> inputs) {
    auto out = with(std::move(inputs));
    out.operation = operation;
    return out;
  }
  [[nodiscard]] std::string target(std::size_t at = 0) const {
    return client.sent.at(at).request.target;
  }
  static std::string variable(const outcome& of, std::string_view name) {
    if (!of.answered()) return of.failed() ? of.failed()->message : "(runs)";
    for (const auto& field : of.answered()->variables) {
      if (field.name == name) return field.value;
    }
    return "(none)";
  }
};

TEST_F(ExecutionCalls, StartIsAnEventCallThatGivesTheArn) {
  client.answers = {answer_with(202, "", {{"X-Amz-Durable-Execution-Arn", running_arn}})};
  const auto out = run(polling());
  ASSERT_TRUE(out.still_runs());
  EXPECT_EQ(out.still_runs()->execution, running_arn);
  const auto& sent = client.sent.at(0).request;
  EXPECT_EQ(header(sent, "X-Amz-Invocation-Type"), "Event");
  EXPECT_EQ(header(sent, "X-Amz-Durable-Execution-Name"), "job-42");
  EXPECT_EQ(header(sent, "X-Amz-Client-Context"), "(none)");
  EXPECT_EQ(header(sent, "X-Amz-Log-Type"), "(none)");
}

TEST_F(ExecutionCalls, StartOfWhatIsNotDurableFailsForGood) {
  client.answers = {answer_with(202, "")};
  const auto out = run(polling());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
  EXPECT_THAT(out.failed()->message, HasSubstr("seems not to be durable"));
  client.answers = {answer_with(202, "", {{"X-Amz-Durable-Execution-Arn", "arn:other"}})};
  EXPECT_THAT(run(polling()).failed()->message, HasSubstr("no execution of the name"));
}

TEST_F(ExecutionCalls, QuestionIsShortWhileItRuns) {
  client.answers = {answer_with(200, R"({"Status":"RUNNING","ExecutionDataIncluded":false})")};
  const auto out = run(polling(running_arn));
  ASSERT_TRUE(out.still_runs()) << out.failed()->message;
  EXPECT_EQ(out.still_runs()->status, "it is RUNNING");
  EXPECT_EQ(client.sent.at(0).request.method, "GET");
  EXPECT_EQ(target(),
            "/2025-12-01/durable-executions/" + arn_in_path + "?IncludeExecutionData=false");
}

TEST_F(ExecutionCalls, ResultIsAskedForOnceItHasEnded) {
  client.answers = {
      answer_with(200, R"({"Status":"SUCCEEDED","ExecutionDataIncluded":false})"),
      answer_with(200, R"({"Status":"SUCCEEDED","Version":"2","Result":"{\"n\":1.10}"})")};
  const auto out = run(polling(running_arn));
  EXPECT_EQ(variable(out, "payload"), R"({"n":1.10})");
  EXPECT_EQ(variable(out, "executedVersion"), "\"2\"");
  EXPECT_THAT(target(1), HasSubstr("?IncludeExecutionData=true"));
}

TEST_F(ExecutionCalls, QuestionIsRepeatedLikeAnyRead) {
  client.answers = {break_with(failure_kind::read, request_progress::sent), answer_with(503, ""),
                    answer_with(200, R"({"Status":"RUNNING"})")};
  EXPECT_TRUE(run(polling(running_arn)).still_runs());
  EXPECT_EQ(client.sent.size(), 3U);
}

TEST_F(ExecutionCalls, ExecutionThatIsGoneIsAClearFailure) {
  client.answers = {answer_with(404, R"({"Message":"not found"})",
                                {{"x-amzn-ErrorType", "ResourceNotFoundException"}})};
  const auto out = run(polling(running_arn));
  EXPECT_EQ(out.failed()->code, error_code::not_found);
  EXPECT_THAT(out.failed()->message, StartsWith("Asking about execution \"" + running_arn));
  client.answers = {answer_with(200, R"({"Status":"DELETING"})")};
  EXPECT_EQ(run(polling(running_arn)).failed()->code, error_code::not_found);
}

// The ARN comes from a variable, which anybody may have written.
std::vector<std::string> foreign_arns() {
  const auto with_part = [](const std::string& part, const std::string& other) {
    auto text = running_arn;
    return text.replace(text.find(part), part.size(), other);
  };
  return {with_part("job-42", "job-43"), with_part(":orders:", ":secrets:"),
          with_part("us-east-1", "eu-west-1"), "arn:aws:lambda", "x"};
}

TEST_F(ExecutionCalls, ExecutionOfAnotherJobFunctionOrRegionIsNotAskedAbout) {
  for (const auto& wrong : foreign_arns()) {
    const auto out = run(polling(wrong));
    ASSERT_TRUE(out.failed()) << wrong;
    EXPECT_EQ(out.failed()->code, error_code::invalid_input) << wrong;
  }
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(ExecutionCalls, StopGoesToTheExecution) {
  client.answers = {answer_with(200, R"({"StopTimestamp":1})")};
  auto asked = polling(running_arn);
  asked.durable->stop = true;
  EXPECT_EQ(variable(run(asked), "stopped"), "true");
  EXPECT_EQ(client.sent.at(0).request.method, "POST");
  EXPECT_EQ(target(), "/2025-12-01/durable-executions/" + arn_in_path + "/stop");
  EXPECT_EQ(client.sent.at(0).request.body,
            R"({"ErrorType":"Cancelled","ErrorMessage":"Job 42 is gone at the workflow engine."})");
}

TEST_F(ExecutionCalls, ExecutionOfAnotherJobFunctionOrRegionIsNotStopped) {
  for (const auto& wrong : foreign_arns()) {
    client.sent.clear();
    client.answers = {
        answer_with(200, R"({"DurableExecutions":[{"Status":"RUNNING","DurableExecutionArn":")" +
                             running_arn + "\"}]}"),
        answer_with(200, "{}")};
    auto asked = polling(wrong);
    asked.durable->stop = true;
    // The job's own is found by its name.
    EXPECT_EQ(variable(run(asked), "stopped"), "true") << wrong;
    ASSERT_EQ(client.sent.size(), 2U) << wrong;
    EXPECT_EQ(target(),
              "/2025-12-01/functions/orders/durable-executions?DurableExecutionName=job-42");
    EXPECT_EQ(target(1), "/2025-12-01/durable-executions/" + arn_in_path + "/stop");
  }
}

TEST_F(ExecutionCalls, StopLooksForTheExecutionByItsName) {
  client.answers = {
      answer_with(200, R"({"DurableExecutions":[{"Status":"RUNNING","DurableExecutionArn":")" +
                           running_arn + "\"}]}"),
      answer_with(200, "{}")};
  auto asked = polling();
  asked.durable->poll = false;
  asked.durable->stop = true;
  EXPECT_EQ(variable(run(asked), "stopped"), "true");
  EXPECT_EQ(target(),
            "/2025-12-01/functions/orders/durable-executions?DurableExecutionName=job-42");
  EXPECT_EQ(target(1), "/2025-12-01/durable-executions/" + arn_in_path + "/stop");
  client.answers = {answer_with(200, R"({"DurableExecutions":[]})")};
  EXPECT_EQ(variable(run(asked), "stopped"), "false");
}

TEST_F(ExecutionCalls, GetExecutionShowsAllOfIt) {
  client.answers = {answer_with(
      200, R"({"Status":"FAILED","DurableExecutionName":"n","FunctionArn":"arn:f","Version":"2",)"
           R"("StartTimestamp":1.5,"EndTimestamp":2,"Error":{"ErrorType":"E"}})")};
  const auto out =
      run(ask(operation_id::get_execution, {{"executionArn", '"' + running_arn + '"'}}));
  EXPECT_EQ(variable(out, "status"), "\"FAILED\"");
  EXPECT_EQ(variable(out, "result"), "null");
  EXPECT_THAT(variable(out, "executionError"), HasSubstr(R"("type":"E")"));
  EXPECT_EQ(variable(out, "startTimestamp"), "1.5");
  EXPECT_EQ(target(), "/2025-12-01/durable-executions/" + arn_in_path);
  const auto wrong = run(ask(operation_id::get_execution, {{"executionArn", "\"arn:x\""}}));
  EXPECT_EQ(wrong.failed()->code, error_code::invalid_input);
}

struct callback_row {
  std::vector<input_value> inputs;
  std::string target;
  std::string body;
};

TEST_F(ExecutionCalls, CallbackIsAnsweredInThreeWays) {
  const std::string base = "/2025-12-01/durable-execution-callbacks/a%2Bb%2Fc%3D%3D/";
  const std::vector<callback_row> rows = {
      {{}, base + "succeed", ""},
      {{{"payload", R"({"n":1.10})"}}, base + "succeed", R"({"n":1.10})"},
      {{{"callback", "\"failure\""}, {"errorType", "\"E\""}, {"errorMessage", "\"m\""}},
       base + "fail",
       R"({"ErrorType":"E","ErrorMessage":"m"})"},
      {{{"callback", "\"heartbeat\""}}, base + "heartbeat", ""}};
  for (const auto& row : rows) {
    client.sent.clear();
    client.answers = {answer_with(200, "{}")};
    auto inputs = row.inputs;
    inputs.push_back({"callbackId", "\"a+b/c==\""});
    const auto out = run(ask(operation_id::send_callback, inputs));
    EXPECT_EQ(variable(out, "sent"), "true");
    EXPECT_EQ(target(), row.target);
    EXPECT_EQ(client.sent.at(0).request.method, "POST");
    EXPECT_EQ(client.sent.at(0).request.body, row.body);
  }
}

TEST_F(ExecutionCalls, CallbackWithInputsOfAnotherKindIsRefused) {
  const std::vector<std::vector<input_value>> rows = {
      {{"callback", "\"failure\""}, {"payload", "1"}},
      {{"callback", "\"heartbeat\""}, {"payload", "1"}},
      {{"errorType", "\"E\""}}};
  for (auto inputs : rows) {
    inputs.push_back({"callbackId", "\"id\""});
    EXPECT_TRUE(run(ask(operation_id::send_callback, inputs)).failed());
  }
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(ExecutionCalls, CallbackThatIsOverIsRefusedForGood) {
  client.answers = {answer_with(400, R"({"Message":"late"})",
                                {{"x-amzn-ErrorType", "CallbackTimeoutException"}})};
  const auto out = run(ask(operation_id::send_callback, {{"callbackId", "\"id\""}}));
  EXPECT_EQ(out.failed()->code, error_code::gone);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
}

}  // namespace
}  // namespace connector::lambda
