// How a task of the profile camunda ends: one row for each rule of the connector runtime, without
// expressions.
#include <gtest/gtest.h>

#include "tests/unit/worker/jobs/outcomes.h"

namespace worker::jobs {
namespace {

using connector::error;
using connector::error_code;
using connector::failure_class;
using std::chrono::milliseconds;

task_headers drop_in() {
  task_headers out;
  out.drop_in = true;
  return out;
}

connector::outcome answered() { return answer_with(R"({"n":1.10})", R"("a log")"); }

std::string completed(connector::outcome outcome, const task_headers& headers) {
  const auto command = outcome_to_command(std::move(outcome), headers, first_of_three, half);
  const auto* const complete = std::get_if<complete_command>(&command);
  return complete == nullptr ? "no completion" : complete->variables;
}

fail_command failed(connector::outcome outcome, const task_headers& headers) {
  return std::get<fail_command>(
      outcome_to_command(std::move(outcome), headers, first_of_three, half));
}

TEST(DropInEnding, NothingIsStoredWithoutAResultHeader) {
  EXPECT_EQ(completed(answered(), drop_in()), "{}");
}

TEST(DropInEnding, ResponseHasThreeFields) {
  auto headers = drop_in();
  headers.result_variable = "answer";
  EXPECT_EQ(completed(answered(), headers),
            R"({"answer":{"statusCode":200,"executedVersion":"7","payload":{"n":1.10}}})");
}

TEST(DropInEnding, FunctionErrorCompletesWithWhatTheFunctionGave) {
  auto headers = drop_in();
  headers.result_variable = "answer";
  EXPECT_EQ(
      completed(with_function_error(answer_with(R"({"errorType":"ValueError"})"), "ValueError"),
                headers),
      R"({"answer":{"statusCode":200,"executedVersion":"7",)"
      R"("payload":{"errorType":"ValueError"}}})");
}

TEST(DropInEnding, FailureLeavesTheErrorObjectAndCostsOneRetryWithoutAWait) {
  const auto command =
      failed(refused_by_lambda(429, "TooManyRequestsException", failure_class::throttled,
                               error_code::too_many_requests),
             drop_in());
  EXPECT_EQ(command.retries, 2);
  EXPECT_EQ(command.back_off, milliseconds(0));
  EXPECT_EQ(
      command.variables,
      R"({"error":{"type":)"
      R"("software.amazon.awssdk.services.lambda.model.TooManyRequestsException",)"
      R"x("message":"Function not found (Service: Lambda, Status Code: 429, Request ID: r-1) (SDK Attempt )x"
      R"x(Count: 1)"}})x");
  EXPECT_TRUE(command.message.starts_with("TOO_MANY_REQUESTS: ")) << command.message;
}

TEST(DropInEnding, RetryBackoffIsTheHeaders) {
  auto headers = drop_in();
  headers.retry_backoff = milliseconds(30'000);
  EXPECT_EQ(failed(refused_by_lambda(500, "", failure_class::ambiguous), headers).back_off,
            milliseconds(30'000));
}

TEST(DropInEnding, ServiceThatAsksForAWaitIsGivenIt) {
  auto outcome = refused_by_lambda(429, "TooManyRequestsException", failure_class::throttled);
  std::get<error>(outcome.result).retry_after = milliseconds(5000);
  EXPECT_EQ(failed(std::move(outcome), drop_in()).back_off, milliseconds(5000));
}

TEST(DropInEnding, ErrorThatWillNotPassIsAnIncidentUnlessTheTaskAsksForRetries) {
  auto headers = drop_in();
  const auto outcome =
      refused_by_lambda(404, "ResourceNotFoundException", failure_class::permanent);
  EXPECT_EQ(failed(outcome, headers).retries, 0);
  headers.retry_permanent_errors = true;
  EXPECT_EQ(failed(outcome, headers).retries, 2);
}

TEST(DropInEnding, MistakeOfTheTaskIsAnIncidentWhateverItAsksFor) {
  auto headers = drop_in();
  headers.retry_permanent_errors = true;
  const auto command = std::get<fail_command>(error_to_command(
      connector::bad_input("Found constraints violated."), headers, first_of_three, half));
  EXPECT_EQ(command.retries, 0);
  EXPECT_NE(command.variables.find("ConnectorInputException"), std::string::npos);
}

TEST(DropInEnding, MarkerThatIsNotNeededGoes) {
  auto headers = drop_in();
  headers.at_most_once = true;
  auto facts = first_of_three;
  facts.at_most_once_marker = true;
  const auto command = std::get<fail_command>(outcome_to_command(
      refused_by_lambda(404, "ResourceNotFoundException", failure_class::permanent), headers, facts,
      half));
  EXPECT_TRUE(command.variables.ends_with(R"(,"lambdaCall":null})")) << command.variables;
}

}  // namespace
}  // namespace worker::jobs
