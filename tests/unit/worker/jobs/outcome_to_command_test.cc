#include "worker/jobs/outcome_to_command.h"

#include <gtest/gtest.h>

#include <limits>

#include "connector/base/json.h"
#include "connector/base/wait.h"

namespace worker::jobs {
namespace {

using connector::error;
using connector::error_code;
using connector::failure_class;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const connector::random_source half = [] { return 0.5; };

connector::outcome answered() {
  connector::outcome out;
  connector::answer what;
  what.variables = {{"statusCode", "200"},
                    {"executedVersion", R"("7")"},
                    {"payload", R"({"n": 12345678901234567890, "d": 1.10})"},
                    {"log", "null"}};
  what.details = {{"requestId", R"("r-1")"}};
  out.result = std::move(what);
  out.sent = true;
  out.function = "orders";
  out.region = "eu-west-1";
  return out;
}

connector::outcome function_failed(std::string type = "ValueError") {
  auto out = answered();
  connector::error_object e;
  e.code = "FUNCTION_ERROR";
  e.type = std::move(type);
  e.message = "no such order";
  e.request_id = "r-1";
  e.function_name = "orders";
  std::get<connector::answer>(out.result).function_error = e;
  return out;
}

connector::outcome failed(error_code code, failure_class what, bool sent) {
  connector::outcome out;
  error e;
  e.code = code;
  e.failure = what;
  e.message = "Something about the call.";
  out.result = e;
  out.sent = sent;
  out.may_have_run = sent && what != failure_class::not_started && what != failure_class::throttled;
  return out;
}

const job_facts first_of_three{3, 0, false};
const job_facts last_one{1, 2, false};

TEST(OutcomeToCommand, PostponedCallReleasesItsJobUnchanged) {
  task_headers headers;
  headers.retry_backoff = milliseconds(0);  // of retries, and this is none
  headers.bpmn_errors = {"*"};
  headers.complete_on_error = true;
  auto postponed = failed(error_code::too_many_requests, failure_class::throttled, true);
  std::get<error>(postponed.result).attempts = 1;
  postponed.postponed = seconds(20);
  const auto back = std::get<fail_command>(outcome_to_command(postponed, headers, last_one, half));
  EXPECT_TRUE(back.release);
  EXPECT_EQ(back.retries, 1);
  EXPECT_EQ(back.back_off, seconds(20));
  EXPECT_EQ(back.variables, "");  // lambdaAttempt stays
  EXPECT_FALSE(back.send_once);
  EXPECT_EQ(back.message,
            "TOO_MANY_REQUESTS: Something about the call. The job goes back for 20 s and loses no "
            "retry.");
  // Its marker goes, since nothing ran.
  const auto marked =
      std::get<fail_command>(outcome_to_command(postponed, headers, {3, 0, true}, half));
  EXPECT_EQ(marked.variables, R"({"lambdaCall":null})");
  EXPECT_TRUE(marked.send_once);
}

// Its attempts are used up, or there is no time left to wait.
TEST(OutcomeToCommand, AThrottledCallThatIsNotPostponedLosesARetry) {
  const auto throttled = failed(error_code::too_many_requests, failure_class::throttled, true);
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(throttled, {}, first_of_three, half)).retries,
            2);
  // So does one whose credentials could not be had.
  const auto no_keys = failed(error_code::credentials_error, failure_class::throttled, false);
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(no_keys, {}, first_of_three, half)).retries,
            2);
}

TEST(OutcomeToCommand, BackOffIsAtLeastWhatWasAskedForUpToAQuarterOfAnHour) {
  const auto wait = [](std::chrono::milliseconds asked, failure_class what,
                       std::optional<milliseconds> header = std::nullopt) {
    auto refused = failed(error_code::too_many_requests, what, true);
    std::get<error>(refused.result).retry_after = asked;
    task_headers headers;
    headers.retry_backoff = header;
    return std::get<fail_command>(outcome_to_command(refused, headers, first_of_three, half))
        .back_off;
  };
  EXPECT_EQ(wait(seconds(60), failure_class::throttled), seconds(60));
  EXPECT_EQ(wait(seconds(60), failure_class::ambiguous), seconds(60));
  EXPECT_EQ(wait(seconds(60), failure_class::not_started), seconds(60));
  EXPECT_EQ(wait(std::chrono::hours(1), failure_class::throttled), minutes(15));
  EXPECT_EQ(wait(seconds(60), failure_class::throttled, seconds(7)), seconds(60));
  EXPECT_EQ(wait(seconds(60), failure_class::throttled, minutes(30)), minutes(30));
  EXPECT_EQ(wait(seconds(0), failure_class::throttled), seconds(1));
}

TEST(OutcomeToCommand, RetriesStayWithinWhatAnEngineMaySend) {
  constexpr int least = std::numeric_limits<int>::min();
  constexpr int most = std::numeric_limits<int>::max();
  const auto after = [](int retries, auto outcome) {
    task_headers headers;
    headers.function_error = on_function_error::fail;
    return std::get<fail_command>(outcome_to_command(outcome, headers, {retries, 0, false}, half))
        .retries;
  };
  for (const auto& outcome :
       {failed(error_code::connection_error, failure_class::not_started, false),
        failed(error_code::ambiguous, failure_class::ambiguous, true), function_failed()}) {
    EXPECT_EQ(after(least, outcome), 0);
    EXPECT_EQ(after(-1, outcome), 0);
    EXPECT_EQ(after(0, outcome), 0);
    EXPECT_EQ(after(most, outcome), most - 1);
  }
  EXPECT_EQ(release_command(least, "stopping").retries, 1);
  EXPECT_EQ(release_command(most, "stopping").retries, most);
  EXPECT_EQ(release_without_marker({}, {least, 0, true}, half).retries, 1);
  auto postponed = failed(error_code::too_many_requests, failure_class::throttled, false);
  postponed.postponed = seconds(1);
  EXPECT_EQ(after(least, postponed), 1);
  EXPECT_EQ(after(most, postponed), most);
}

TEST(OutcomeToCommand, AnUnknownOutcomeSaysWhatHappensNext) {
  const auto message = [](const task_headers& headers, const job_facts& job) {
    return std::get<fail_command>(
               outcome_to_command(failed(error_code::ambiguous, failure_class::ambiguous, true),
                                  headers, job, half))
        .message;
  };
  EXPECT_EQ(message({}, first_of_three),
            "AMBIGUOUS: Something about the call. It is called again by the next retry (2 left).");
  EXPECT_EQ(message({}, last_one),
            "AMBIGUOUS: Something about the call. No retry is left: it is called again only if the "
            "job is given retries and its incident is resolved.");
  task_headers once;
  once.at_most_once = true;
  EXPECT_EQ(
      message(once, {3, 0, true}),
      "AMBIGUOUS: Something about the call. It is never called again, because of "
      "atMostOnce=true. To have it called once more, set the task's local variable 'lambdaCall' "
      "to null, give the job retries and resolve the incident.");
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
        failed(error_code::not_found, failure_class::permanent, true), headers, job, half));
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
  const auto refused = failed(error_code::not_found, failure_class::permanent, true);
  for (const auto& from : {answered(), function_failed(), refused}) {
    EXPECT_EQ(variables(engine::job_kind::task_listener, headers, from), "");
    EXPECT_NE(variables(engine::job_kind::execution_listener, headers, from), "");
  }
}

TEST(OutcomeToCommand, SuccessCompletesWithTheFiveVariablesByteForByte) {
  const auto what = outcome_to_command(answered(), {}, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(what).variables,
            R"({"statusCode":200,"executedVersion":"7",)"
            R"("payload":{"n": 12345678901234567890, "d": 1.10},"log":null,"error":null})");
}

TEST(OutcomeToCommand, ResultVariableTakesTheWholeResponse) {
  task_headers headers;
  headers.result_variable = "answer";
  const auto what = outcome_to_command(answered(), headers, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(what).variables,
            R"({"answer":{"statusCode":200,"executedVersion":"7",)"
            R"("payload":{"n": 12345678901234567890, "d": 1.10},"log":null,"error":null,)"
            R"("requestId":"r-1"}})");
}

TEST(OutcomeToCommand, AlfrescoOutputsHaveTheirOwnNames) {
  task_headers headers;
  headers.alfresco_outputs = true;
  const auto what = outcome_to_command(answered(), headers, first_of_three, half);
  EXPECT_EQ(std::get<complete_command>(what).variables,
            R"({"lambdaPayload":{"n": 12345678901234567890, "d": 1.10},"lambdaStatus":200,)"
            R"("lambdaLog":null,"lambdaError":null})");
}

TEST(OutcomeToCommand, FunctionErrorCompletesWithErrorByDefault) {
  const auto what = outcome_to_command(function_failed(), {}, first_of_three, half);
  const auto& text = std::get<complete_command>(what).variables;
  EXPECT_NE(text.find(R"("error":{"code":"FUNCTION_ERROR","type":"ValueError")"), std::string::npos)
      << text;
}

TEST(OutcomeToCommand, FunctionErrorIsThrownUnderItsType) {
  task_headers headers;
  headers.function_error = on_function_error::bpmn_error;
  const auto what = outcome_to_command(function_failed(), headers, first_of_three, half);
  const auto& thrown = std::get<throw_command>(what);
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
  const auto what =
      outcome_to_command(function_failed(std::string(500, 'E')), headers, first_of_three, half);
  EXPECT_EQ(std::get<throw_command>(what).error_code.size(), 200U);
}

TEST(OutcomeToCommand, FailedFunctionMayFailTheJobWithOneRetryLess) {
  task_headers headers;
  headers.function_error = on_function_error::fail;
  const auto what = outcome_to_command(function_failed(), headers, first_of_three, half);
  const auto& failing = std::get<fail_command>(what);
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

TEST(OutcomeToCommand, PermanentRefusalIsAnIncidentAtOnce) {
  const auto what = outcome_to_command(
      failed(error_code::not_found, failure_class::permanent, true), {}, first_of_three, half);
  const auto& failing = std::get<fail_command>(what);
  EXPECT_EQ(failing.retries, 0);
  EXPECT_EQ(failing.message, "NOT_FOUND: Something about the call.");
  EXPECT_EQ(failing.back_off, milliseconds(0));
}

TEST(OutcomeToCommand, TransientErrorKeepsItsOtherRetriesAndBacksOff) {
  const auto what =
      outcome_to_command(failed(error_code::too_many_requests, failure_class::throttled, true), {},
                         {3, 2, false}, half);
  const auto& failing = std::get<fail_command>(what);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_EQ(failing.back_off, seconds(2));  // half of 1 s * 2^2
  EXPECT_EQ(failing.variables, R"({"lambdaAttempt":3})");
}

TEST(OutcomeToCommand, BackOffIsAtLeastASecondAndAtMostFiveMinutes) {
  const auto wait = [&](int attempt, const connector::random_source& random) {
    return std::get<fail_command>(outcome_to_command(failed(error_code::connection_error,
                                                            failure_class::not_started, false),
                                                     {}, {3, attempt, false}, random))
        .back_off;
  };
  EXPECT_EQ(wait(0, [] { return 0.0; }), seconds(1));
  EXPECT_LE(wait(100, [] { return 0.999; }), minutes(5));
  EXPECT_GT(wait(100, [] { return 0.999; }), minutes(4));
}

TEST(OutcomeToCommand, HeaderRetryBackoffIsTakenAsItIs) {
  task_headers headers;
  headers.retry_backoff = seconds(7);
  const auto what =
      outcome_to_command(failed(error_code::connection_error, failure_class::not_started, false),
                         headers, first_of_three, half);
  EXPECT_EQ(std::get<fail_command>(what).back_off, seconds(7));
}

TEST(OutcomeToCommand, AmbiguousLosesARetryOrAllWithAtMostOnce) {
  const auto ambiguous = [] {
    return failed(error_code::ambiguous, failure_class::ambiguous, true);
  };
  EXPECT_EQ(
      std::get<fail_command>(outcome_to_command(ambiguous(), {}, first_of_three, half)).retries, 2);
  task_headers headers;
  headers.at_most_once = true;
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(ambiguous(), headers, first_of_three, half))
                .retries,
            0);
}

TEST(OutcomeToCommand, MarkerIsRemovedOnlyWhenNothingRan) {
  task_headers headers;
  headers.at_most_once = true;
  const job_facts marked{3, 0, true};
  const auto throttled = std::get<fail_command>(
      outcome_to_command(failed(error_code::too_many_requests, failure_class::throttled, true),
                         headers, marked, half));
  EXPECT_EQ(throttled.variables, R"({"lambdaAttempt":1,"lambdaCall":null})");
  EXPECT_TRUE(throttled.send_once);
  const auto ambiguous = std::get<fail_command>(outcome_to_command(
      failed(error_code::ambiguous, failure_class::ambiguous, true), headers, marked, half));
  EXPECT_EQ(ambiguous.variables, R"({"lambdaAttempt":1})");
  EXPECT_FALSE(ambiguous.send_once);
}

// So that the incident of a missing function can be resolved when the function is there.
TEST(OutcomeToCommand, MarkerIsRemovedWhenARefusalProvesThatNothingRan) {
  task_headers headers;
  headers.at_most_once = true;
  const job_facts marked{3, 0, true};
  for (const bool may_have_run : {false, true}) {
    auto refused = failed(error_code::not_found, failure_class::permanent, true);
    refused.may_have_run = may_have_run;
    const auto failing =
        std::get<fail_command>(outcome_to_command(std::move(refused), headers, marked, half));
    EXPECT_EQ(failing.variables,
              may_have_run ? R"({"lambdaAttempt":1})" : R"({"lambdaAttempt":1,"lambdaCall":null})");
    EXPECT_EQ(failing.retries, 0);
  }
}

TEST(OutcomeToCommand, ListedErrorsAreThrownOnlyOnTheLastAttempt) {
  task_headers headers;
  headers.bpmn_errors = {"*"};
  const auto throttled = [] {
    return failed(error_code::too_many_requests, failure_class::throttled, true);
  };
  EXPECT_TRUE(std::holds_alternative<fail_command>(
      outcome_to_command(throttled(), headers, first_of_three, half)));
  EXPECT_EQ(
      std::get<throw_command>(outcome_to_command(throttled(), headers, last_one, half)).error_code,
      "TOO_MANY_REQUESTS");
  EXPECT_EQ(std::get<throw_command>(
                outcome_to_command(failed(error_code::not_found, failure_class::permanent, true),
                                   headers, first_of_three, half))
                .error_code,
            "NOT_FOUND");
}

TEST(OutcomeToCommand, OnErrorCompleteEndsInTheVariableError) {
  task_headers headers;
  headers.complete_on_error = true;
  const auto what = outcome_to_command(
      failed(error_code::not_found, failure_class::permanent, true), headers, first_of_three, half);
  const auto& text = std::get<complete_command>(what).variables;
  EXPECT_NE(text.find(R"("statusCode":null)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("code":"NOT_FOUND")"), std::string::npos) << text;
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
      failed(error_code::forbidden, failure_class::permanent, true), headers, listing, half);
  const auto& text = std::get<complete_command>(refused).variables;
  EXPECT_EQ(text.find(R"({"functions":null,"nextMarker":null,"error":{"code":"FORBIDDEN")"), 0U)
      << text;
}

TEST(OutcomeToCommand, ReleaseIsNeverAnIncident) {
  EXPECT_EQ(release_command(0, "stopping").retries, 1);
  EXPECT_EQ(release_command(3, "stopping").retries, 3);
  EXPECT_EQ(release_command(3, "stopping").back_off, milliseconds(0));
}

TEST(OutcomeToCommand, MessagesAreCutAtACharacterBoundary) {
  std::string text;
  while (text.size() < 7000) text += "\xC3\xA9";
  const auto message = job_message("UNKNOWN_ERROR", text);
  EXPECT_LE(message.size(), 6000U);
  EXPECT_GT(message.size(), 5990U);
  EXPECT_TRUE(connector::json::is_json("\"" + message + "\""));
}

TEST(OutcomeToCommand, CommandOfAJobWithoutACallSaysSo) {
  task_headers headers;
  headers.complete_on_error = true;
  const auto never =
      outcome_to_command(failed(error_code::connection_error, failure_class::not_started, false),
                         headers, last_one, half);
  EXPECT_FALSE(std::get<complete_command>(never).may_have_run);
  const auto perhaps = outcome_to_command(
      failed(error_code::ambiguous, failure_class::ambiguous, true), headers, last_one, half);
  EXPECT_TRUE(std::get<complete_command>(perhaps).may_have_run);
  EXPECT_TRUE(
      std::get<complete_command>(outcome_to_command(answered(), {}, last_one, half)).may_have_run);
}

TEST(OutcomeToCommand, MarkerThatCouldNotBeWrittenReleasesTheJobWithABackOff) {
  const auto back = release_without_marker({}, {3, 1, true}, half);
  EXPECT_EQ(back.retries, 3);
  EXPECT_TRUE(back.release);
  EXPECT_TRUE(back.send_once);
  EXPECT_GE(back.back_off, seconds(1));
  EXPECT_EQ(back.variables, R"({"lambdaAttempt":2,"lambdaCall":null})");
}

TEST(OutcomeToCommand, AMessageIsAlwaysUtf8) {
  const auto text = job_message("INVALID_INPUT", "field '\xc3'");
  EXPECT_EQ(text, "INVALID_INPUT: field '\xef\xbf\xbd'");
}

}  // namespace
}  // namespace worker::jobs
