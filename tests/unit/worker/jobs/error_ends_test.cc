// How jobs end whose call failed: retries, back-off, marker and messages.
#include <gtest/gtest.h>

#include <limits>

#include "connector/base/json_scan.h"
#include "tests/unit/worker/jobs/outcomes.h"

namespace worker::jobs {
namespace {

using connector::error;
using connector::error_code;
using connector::failure_class;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(ErrorEnds, PostponedCallReleasesItsJobUnchanged) {
  task_headers headers;
  headers.retry_backoff = milliseconds(0);  // of retries; this end is not a retry
  headers.bpmn_errors = {"*"};
  headers.complete_on_error = true;
  auto postponed = call_failed(error_code::too_many_requests, failure_class::throttled);
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
TEST(ErrorEnds, AThrottledCallThatIsNotPostponedLosesARetry) {
  const auto throttled = call_failed(error_code::too_many_requests, failure_class::throttled);
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(throttled, {}, first_of_three, half)).retries,
            2);
  // So does one whose credentials could not be had.
  const auto no_keys = call_failed(error_code::credentials_error, failure_class::throttled);
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(no_keys, {}, first_of_three, half)).retries,
            2);
}

TEST(ErrorEnds, BackOffIsAtLeastWhatWasAskedForUpToAQuarterOfAnHour) {
  const auto wait = [](std::chrono::milliseconds asked, failure_class failure,
                       std::optional<milliseconds> header = std::nullopt) {
    auto refused = call_failed(error_code::too_many_requests, failure);
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

TEST(ErrorEnds, RetriesStayWithinWhatAnEngineMaySend) {
  constexpr int least = std::numeric_limits<int>::min();
  constexpr int most = std::numeric_limits<int>::max();
  const auto after = [](int retries, auto outcome) {
    task_headers headers;
    headers.function_error = on_function_error::fail;
    return std::get<fail_command>(outcome_to_command(outcome, headers, {retries, 0, false}, half))
        .retries;
  };
  for (const auto& outcome : {call_failed(error_code::connection_error, failure_class::not_started),
                              call_failed(error_code::ambiguous, failure_class::ambiguous),
                              with_function_error(answer_with("{}"), "ValueError")}) {
    EXPECT_EQ(after(least, outcome), 0);
    EXPECT_EQ(after(-1, outcome), 0);
    EXPECT_EQ(after(0, outcome), 0);
    EXPECT_EQ(after(most, outcome), most - 1);
  }
  EXPECT_EQ(release_command(least, "stopping").retries, 1);
  EXPECT_EQ(release_command(most, "stopping").retries, most);
  EXPECT_EQ(release_without_marker({}, {least, 0, true}, half).retries, 1);
  auto postponed = call_failed(error_code::too_many_requests, failure_class::throttled);
  postponed.postponed = seconds(1);
  EXPECT_EQ(after(least, postponed), 1);
  EXPECT_EQ(after(most, postponed), most);
}

TEST(ErrorEnds, AnUnknownOutcomeSaysWhatHappensNext) {
  const auto message = [](const task_headers& headers, const job_facts& job) {
    return std::get<fail_command>(
               outcome_to_command(call_failed(error_code::ambiguous, failure_class::ambiguous),
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

TEST(ErrorEnds, PermanentRefusalIsAnIncidentAtOnce) {
  const auto command = outcome_to_command(
      call_failed(error_code::not_found, failure_class::permanent), {}, first_of_three, half);
  const auto& failing = std::get<fail_command>(command);
  EXPECT_EQ(failing.retries, 0);
  EXPECT_EQ(failing.message, "NOT_FOUND: Something about the call.");
  EXPECT_EQ(failing.back_off, milliseconds(0));
}

TEST(ErrorEnds, TransientErrorKeepsItsOtherRetriesAndBacksOff) {
  const auto command =
      outcome_to_command(call_failed(error_code::too_many_requests, failure_class::throttled), {},
                         {3, 2, false}, half);
  const auto& failing = std::get<fail_command>(command);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_EQ(failing.back_off, seconds(2));  // half of 1 s * 2^2
  EXPECT_EQ(failing.variables, R"({"lambdaAttempt":3})");
}

TEST(ErrorEnds, BackOffIsAtLeastASecondAndAtMostFiveMinutes) {
  const auto wait = [&](int attempt, const connector::random_source& random) {
    return std::get<fail_command>(outcome_to_command(call_failed(error_code::connection_error,
                                                                 failure_class::not_started),
                                                     {}, {3, attempt, false}, random))
        .back_off;
  };
  EXPECT_EQ(wait(0, [] { return 0.0; }), seconds(1));
  EXPECT_LE(wait(100, [] { return 0.999; }), minutes(5));
  EXPECT_GT(wait(100, [] { return 0.999; }), minutes(4));
}

TEST(ErrorEnds, HeaderRetryBackoffIsTakenAsItIs) {
  task_headers headers;
  headers.retry_backoff = seconds(7);
  const auto command =
      outcome_to_command(call_failed(error_code::connection_error, failure_class::not_started),
                         headers, first_of_three, half);
  EXPECT_EQ(std::get<fail_command>(command).back_off, seconds(7));
}

TEST(ErrorEnds, AmbiguousLosesARetryOrAllWithAtMostOnce) {
  const auto ambiguous = [] {
    return call_failed(error_code::ambiguous, failure_class::ambiguous);
  };
  EXPECT_EQ(
      std::get<fail_command>(outcome_to_command(ambiguous(), {}, first_of_three, half)).retries, 2);
  task_headers headers;
  headers.at_most_once = true;
  EXPECT_EQ(std::get<fail_command>(outcome_to_command(ambiguous(), headers, first_of_three, half))
                .retries,
            0);
}

TEST(ErrorEnds, MarkerIsRemovedOnlyWhenNothingRan) {
  task_headers headers;
  headers.at_most_once = true;
  const job_facts marked{3, 0, true};
  const auto throttled = std::get<fail_command>(outcome_to_command(
      call_failed(error_code::too_many_requests, failure_class::throttled), headers, marked, half));
  EXPECT_EQ(throttled.variables, R"({"lambdaAttempt":1,"lambdaCall":null})");
  EXPECT_TRUE(throttled.send_once);
  const auto ambiguous = std::get<fail_command>(outcome_to_command(
      call_failed(error_code::ambiguous, failure_class::ambiguous), headers, marked, half));
  EXPECT_EQ(ambiguous.variables, R"({"lambdaAttempt":1})");
  EXPECT_FALSE(ambiguous.send_once);
}

// So that the incident of a missing function can be resolved when the function is there.
TEST(ErrorEnds, MarkerIsRemovedWhenARefusalProvesThatNothingRan) {
  task_headers headers;
  headers.at_most_once = true;
  const job_facts marked{3, 0, true};
  for (const bool may_have_run : {false, true}) {
    auto refused = call_failed(error_code::not_found, failure_class::permanent);
    refused.may_have_run = may_have_run;
    const auto failing =
        std::get<fail_command>(outcome_to_command(std::move(refused), headers, marked, half));
    EXPECT_EQ(failing.variables,
              may_have_run ? R"({"lambdaAttempt":1})" : R"({"lambdaAttempt":1,"lambdaCall":null})");
    EXPECT_EQ(failing.retries, 0);
  }
}

// A retry would find the marker, call nothing, and say that the outcome is not known.
TEST(ErrorEnds, ARefusalWhoseMarkerStaysIsTheLastAttemptWhateverTheTaskAsksFor) {
  task_headers headers;
  headers.at_most_once = true;
  headers.retry_permanent_errors = true;
  const job_facts marked{3, 0, true};
  auto refused = refused_by_lambda(404, "", failure_class::permanent);
  refused.may_have_run = true;
  const auto failing = std::get<fail_command>(outcome_to_command(refused, headers, marked, half));
  EXPECT_EQ(failing.retries, 0);
  EXPECT_EQ(failing.variables, R"({"lambdaAttempt":1})");
  EXPECT_TRUE(failing.message.starts_with("NOT_FOUND: ")) << failing.message;
  headers.bpmn_errors = {"NOT_FOUND"};
  EXPECT_EQ(std::get<throw_command>(outcome_to_command(refused, headers, marked, half)).error_code,
            "NOT_FOUND");
  // Where nothing ran, the marker goes and the retry calls.
  refused.may_have_run = false;
  const auto again = std::get<fail_command>(outcome_to_command(refused, headers, marked, half));
  EXPECT_EQ(again.retries, 2);
  EXPECT_EQ(again.variables, R"({"lambdaAttempt":1,"lambdaCall":null})");
}

TEST(ErrorEnds, ListedErrorsAreThrownOnlyOnTheLastAttempt) {
  task_headers headers;
  headers.bpmn_errors = {"*"};
  const auto throttled = [] {
    return call_failed(error_code::too_many_requests, failure_class::throttled);
  };
  EXPECT_TRUE(std::holds_alternative<fail_command>(
      outcome_to_command(throttled(), headers, first_of_three, half)));
  EXPECT_EQ(
      std::get<throw_command>(outcome_to_command(throttled(), headers, last_one, half)).error_code,
      "TOO_MANY_REQUESTS");
  EXPECT_EQ(std::get<throw_command>(
                outcome_to_command(call_failed(error_code::not_found, failure_class::permanent),
                                   headers, first_of_three, half))
                .error_code,
            "NOT_FOUND");
}

TEST(ErrorEnds, OnErrorCompleteEndsInTheVariableError) {
  task_headers headers;
  headers.complete_on_error = true;
  const auto command = outcome_to_command(
      call_failed(error_code::not_found, failure_class::permanent), headers, first_of_three, half);
  const auto& text = std::get<complete_command>(command).variables;
  EXPECT_NE(text.find(R"("statusCode":null)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("code":"NOT_FOUND")"), std::string::npos) << text;
}

TEST(ErrorEnds, ReleaseIsNeverAnIncident) {
  EXPECT_EQ(release_command(0, "stopping").retries, 1);
  EXPECT_EQ(release_command(3, "stopping").retries, 3);
  EXPECT_EQ(release_command(3, "stopping").back_off, milliseconds(0));
}

TEST(ErrorEnds, MessagesAreCutAtACharacterBoundary) {
  std::string text;
  while (text.size() < 7000) text += "\xC3\xA9";
  const auto message = job_message("UNKNOWN_ERROR", text);
  EXPECT_LE(message.size(), 6000U);
  EXPECT_GT(message.size(), 5990U);
  EXPECT_TRUE(connector::json::is_json("\"" + message + "\""));
}

TEST(ErrorEnds, MarkerThatCouldNotBeWrittenReleasesTheJobWithABackOff) {
  const auto back = release_without_marker({}, {3, 1, true}, half);
  EXPECT_EQ(back.retries, 3);
  EXPECT_TRUE(back.release);
  EXPECT_TRUE(back.send_once);
  EXPECT_GE(back.back_off, seconds(1));
  EXPECT_EQ(back.variables, R"({"lambdaAttempt":2,"lambdaCall":null})");
}

TEST(ErrorEnds, AMessageIsAlwaysUtf8) {
  const auto text = job_message("INVALID_INPUT", "field '\xc3'");
  EXPECT_EQ(text, "INVALID_INPUT: field '\xef\xbf\xbd'");
}

}  // namespace
}  // namespace worker::jobs
