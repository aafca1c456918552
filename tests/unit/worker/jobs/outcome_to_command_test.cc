// How jobs end whose function answered, and what a listener's job may not do.
#include <gtest/gtest.h>

#include "tests/unit/worker/jobs/outcomes.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;

connector::outcome answered() { return answer_with(R"({"n": 12345678901234567890, "d": 1.10})"); }

connector::outcome function_failed(std::string type = "ValueError") {
  return with_function_error(answered(), std::move(type));
}

// What the engine takes from a listener's job (ActivatedJob.kind).
TEST(OutcomeToCommand, AListenerThrowsNothing) {
  task_headers headers;
  headers.bpmn_errors = {"*"};
  headers.complete_on_error = true;
  for (const auto kind : {engine::job_kind::execution_listener, engine::job_kind::task_listener}) {
    const job_facts job{3, 0, false, nullptr, kind, "COMPLETING"};
    const auto function =
        std::get<fail_command>(outcome_to_command(function_failed(), headers, job, half));
    EXPECT_EQ(function.retries, 2);
    EXPECT_NE(function.message.find("FUNCTION_ERROR: Function \"orders\""), std::string::npos);
    EXPECT_NE(function.message.find("It is not thrown as a BPMN error, because"),
              std::string::npos);
    EXPECT_NE(function.message.find("listener (COMPLETING) throws none."), std::string::npos);
    const auto refused = std::get<fail_command>(outcome_to_command(
        call_failed(error_code::not_found, failure_class::permanent), headers, job, half));
    EXPECT_EQ(refused.retries, 0);
    EXPECT_NE(refused.message.find("throws none."), std::string::npos);
  }
}

TEST(OutcomeToCommand, OnlyATaskListenersJobIsCompletedWithoutVariables) {
  const auto variables = [](engine::job_kind kind, const task_headers& headers,
                            connector::outcome from) {
    const job_facts job{1, 0, false, nullptr, kind, "START"};
    return std::get<complete_command>(outcome_to_command(std::move(from), headers, job, half))
        .variables;
  };
  task_headers headers;
  headers.complete_on_error = true;
  const auto refused = call_failed(error_code::not_found, failure_class::permanent);
  for (const auto& from : {answered(), function_failed(), refused}) {
    EXPECT_EQ(variables(engine::job_kind::task_listener, headers, from), "");
    EXPECT_NE(variables(engine::job_kind::execution_listener, headers, from), "");
  }
}

TEST(OutcomeToCommand, SuccessCompletesWithTheFiveVariablesByteForByte) {
  const auto command = outcome_to_command(answered(), {}, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(command).variables,
            R"({"statusCode":200,"executedVersion":"7",)"
            R"("payload":{"n": 12345678901234567890, "d": 1.10},"log":null,"error":null})");
}

TEST(OutcomeToCommand, ResultVariableTakesTheWholeResponse) {
  task_headers headers;
  headers.result_variable = "answer";
  const auto command = outcome_to_command(answered(), headers, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(command).variables,
            R"({"answer":{"statusCode":200,"executedVersion":"7",)"
            R"("payload":{"n": 12345678901234567890, "d": 1.10},"log":null,"error":null,)"
            R"("requestId":"r-1"}})");
}

TEST(OutcomeToCommand, AlfrescoOutputsHaveTheirOwnNames) {
  task_headers headers;
  headers.alfresco_outputs = true;
  const auto command = outcome_to_command(answered(), headers, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(command).variables,
            R"({"lambdaPayload":{"n": 12345678901234567890, "d": 1.10},"lambdaStatus":200,)"
            R"("lambdaLog":null,"lambdaError":null})");
}

TEST(OutcomeToCommand, FunctionErrorCompletesWithErrorByDefault) {
  const auto command = outcome_to_command(function_failed(), {}, first_of_three, half);
  const auto& text = std::get<complete_command>(command).variables;
  EXPECT_NE(text.find(R"("error":{"code":"FUNCTION_ERROR","type":"ValueError")"), std::string::npos)
      << text;
}

TEST(OutcomeToCommand, FunctionErrorIsThrownUnderItsType) {
  task_headers headers;
  headers.function_error = on_function_error::bpmn_error;
  const auto command = outcome_to_command(function_failed(), headers, first_of_three, half);
  const auto& thrown = std::get<throw_command>(command);
  EXPECT_EQ(thrown.error_code, "ValueError");
  EXPECT_NE(thrown.variables.find("\"error\":{"), std::string::npos);
  EXPECT_NE(thrown.message.find("no such order"), std::string::npos);
}

TEST(OutcomeToCommand, FunctionErrorWithoutTypeIsThrownAsFunctionError) {
  task_headers headers;
  headers.function_error = on_function_error::bpmn_error;
  EXPECT_EQ(std::get<throw_command>(
                outcome_to_command(function_failed(""), headers, first_of_three, half))
                .error_code,
            "FUNCTION_ERROR");
}

TEST(OutcomeToCommand, ListedFunctionErrorIsThrownWhateverOnFunctionErrorSays) {
  task_headers headers;
  headers.function_error = on_function_error::fail;
  headers.bpmn_errors = {"ValueError"};
  EXPECT_TRUE(std::holds_alternative<throw_command>(
      outcome_to_command(function_failed(), headers, first_of_three, half)));
  headers.bpmn_errors = {"FUNCTION_ERROR"};
  EXPECT_EQ(
      std::get<throw_command>(outcome_to_command(function_failed(), headers, first_of_three, half))
          .error_code,
      "ValueError");
  headers.bpmn_errors = {"TypeError"};
  EXPECT_TRUE(std::holds_alternative<fail_command>(
      outcome_to_command(function_failed(), headers, first_of_three, half)));
}

// What a job masks must not change what it throws, and what it throws must show no secret.
TEST(OutcomeToCommand, CodeIsDecidedOnTheTypeAsItCameAndShowsNoSecret) {
  task_headers headers;
  headers.bpmn_errors = {"OrderRejected"};
  job_facts facts = last_one;
  facts.error_type = "OrderRejected";
  const auto plain = outcome_to_command(function_failed("OrderRejected"), headers, facts, half);
  EXPECT_EQ(std::get<throw_command>(plain).error_code, "OrderRejected");
  const auto masked = outcome_to_command(function_failed("***Rejected"), headers, facts, half);
  const auto& thrown = std::get<throw_command>(masked);
  EXPECT_EQ(thrown.error_code, "FUNCTION_ERROR");
  EXPECT_EQ(thrown.message.find("Order"), std::string::npos) << thrown.message;
  EXPECT_NE(thrown.variables.find("***Rejected"), std::string::npos) << thrown.variables;
  headers.bpmn_errors = {"***Rejected"};
  EXPECT_TRUE(std::holds_alternative<complete_command>(
      outcome_to_command(function_failed("***Rejected"), headers, facts, half)));
}

TEST(OutcomeToCommand, LongErrorTypesAreCut) {
  task_headers headers;
  headers.function_error = on_function_error::bpmn_error;
  const auto command =
      outcome_to_command(function_failed(std::string(500, 'E')), headers, first_of_three, half);
  EXPECT_EQ(std::get<throw_command>(command).error_code.size(), 200U);
}

TEST(OutcomeToCommand, FailedFunctionMayFailTheJobWithOneRetryLess) {
  task_headers headers;
  headers.function_error = on_function_error::fail;
  const auto command = outcome_to_command(function_failed(), headers, first_of_three, half);
  const auto& failing = std::get<fail_command>(command);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_EQ(
      failing.message,
      "FUNCTION_ERROR: Function \"orders\" in eu-west-1 failed with ValueError: no such order. "
      "Request id r-1. Look at the function's own log for the cause.");
  EXPECT_EQ(failing.variables, R"({"lambdaAttempt":1})");
  headers.at_most_once = true;
  EXPECT_EQ(
      std::get<fail_command>(outcome_to_command(function_failed(), headers, first_of_three, half))
          .retries,
      0);
}

// What Lambda itself says about a function that it ended.
TEST(OutcomeToCommand, FunctionThatLambdaEndedHasItsOwnAdvice) {
  task_headers headers;
  headers.function_error = on_function_error::fail;
  const std::tuple<const char*, const char*, const char*> rows[] = {
      {"Sandbox.Timedout", "RequestId: r-1 Error: Task timed out after 3.00 seconds",
       "own timeout is over: raise it"},
      {"", "2026-11-30T08:00:00.000Z r-1 Task timed out after 3.00 seconds", "raise it"},
      {"Runtime.ExitError", "RequestId: r-1 Error: Runtime exited with error: signal: killed",
       "used up its memory"},
      {"Runtime.OutOfMemory", "", "used up its memory"},
      {"Runtime.ExitError", "RequestId: r-1 Error: Runtime exited with error: exit status 1",
       "Look at the function's own log"},
  };
  for (const auto& [type, message, advice] : rows) {
    auto ended = function_failed(type);
    auto& error = *std::get<connector::answer>(ended.result).function_error;
    error.message = message;
    const auto command = outcome_to_command(ended, headers, first_of_three, half);
    EXPECT_NE(std::get<fail_command>(command).message.find(advice), std::string::npos)
        << std::get<fail_command>(command).message;
  }
}

TEST(OutcomeToCommand, ResultOfAnotherOperationHasItsOwnVariables) {
  const job_facts listing{3, 0, false,
                          &connector::spec_of(connector::operation_id::list_functions)};
  task_headers headers;
  headers.complete_on_error = true;
  headers.alfresco_outputs = true;  // of calls alone
  connector::outcome listed;
  listed.result = connector::answer{{{"functions", "[]"}, {"nextMarker", "\"m\""}}, {}, {}};
  EXPECT_EQ(
      std::get<complete_command>(outcome_to_command(listed, headers, listing, half)).variables,
      R"({"functions":[],"nextMarker":"m","error":null})");
  EXPECT_EQ(std::get<complete_command>(outcome_to_command(listed, headers, listing, half)).about,
            "the list of functions in ");
  const auto refused = outcome_to_command(
      call_failed(error_code::forbidden, failure_class::permanent), headers, listing, half);
  const auto& text = std::get<complete_command>(refused).variables;
  EXPECT_EQ(text.find(R"({"functions":null,"nextMarker":null,"error":{"code":"FORBIDDEN")"), 0U)
      << text;
}

TEST(OutcomeToCommand, CommandOfAJobWithoutACallSaysSo) {
  task_headers headers;
  headers.complete_on_error = true;
  const auto never =
      outcome_to_command(call_failed(error_code::connection_error, failure_class::not_started),
                         headers, last_one, half);
  EXPECT_FALSE(std::get<complete_command>(never).may_have_run);
  const auto perhaps = outcome_to_command(
      call_failed(error_code::ambiguous, failure_class::ambiguous), headers, last_one, half);
  EXPECT_TRUE(std::get<complete_command>(perhaps).may_have_run);
  EXPECT_TRUE(
      std::get<complete_command>(outcome_to_command(answered(), {}, last_one, half)).may_have_run);
}

}  // namespace
}  // namespace worker::jobs
