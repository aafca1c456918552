#include "worker/jobs/durable_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "worker/jobs/outcome_to_command.h"

namespace worker::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr engine::job_key key = 7;
double nothing() { return 0.0; }

task_headers polling() {
  task_headers headers;
  headers.durable = headers.wait_by_polling = true;
  return headers;
}

TEST(DurableTask, ProgressReadsBack) {
  const durable_progress progress{2, 5, "arn"};
  const auto text = progress_json(progress, key);
  EXPECT_EQ(text, R"({"jobKey":"7","run":2,"execution":"arn","asked":5})");
  const auto read = read_progress(text, key);
  EXPECT_EQ(read.run, 2);
  EXPECT_EQ(read.asked, 5);
  EXPECT_EQ(read.execution, "arn");
  EXPECT_EQ(progress_json({}, key), R"({"jobKey":"7"})");
}

struct unread_row {
  std::string name;
  std::optional<std::string> value;
};

TEST(DurableTask, WhatIsNotOfThisJobIsNoProgress) {
  for (const auto& row :
       std::vector<unread_row>{{"none", std::nullopt},
                               {"null", "null"},
                               {"other job", R"({"jobKey":"8","run":2,"execution":"arn"})"},
                               {"number", R"({"jobKey":7,"run":2})"},
                               {"no key", R"({"run":2,"execution":"arn"})"},
                               {"list", "[]"}}) {
    const auto read = read_progress(row.value, key);
    EXPECT_EQ(read.run, 0) << row.name;
    EXPECT_EQ(read.execution, "") << row.name;
  }
}

TEST(DurableTask, CountsStayWithinBounds) {
  const auto read =
      read_progress(R"({"jobKey":"7","run":-5,"asked":99999999999,"execution":["x"]})", key);
  EXPECT_EQ(read.run, 0);
  EXPECT_EQ(read.asked, 1'000'000);
  EXPECT_EQ(read.execution, "");
}

TEST(DurableTask, NameIsThePrefixAndTheKeyAndTheRun) {
  auto headers = polling();
  headers.durable_prefix = "job";
  EXPECT_EQ(durable_run_of(headers, key, {}).name, "job-7");
  EXPECT_EQ(durable_run_of(headers, key, {}).suffix, "");
  headers.durable_prefix = "shop";
  const auto third = durable_run_of(headers, key, {2, 1, "arn"});
  EXPECT_EQ(third.name + third.suffix, "shop-7-2");
  EXPECT_TRUE(third.poll);
  EXPECT_EQ(third.execution, "arn");
}

TEST(DurableTask, PrefixIsOfTheClusterAndStays) {
  EXPECT_EQ(prefix_of_cluster(""), "job");
  // Names of executions that run: another value here would start them again.
  EXPECT_EQ(prefix_of_cluster("a"), "job-af63dc4c8601ec8c");
  EXPECT_EQ(prefix_of_cluster("5d2c8a0e-6a52-4d6c-9d6e-1b5c3f6f0a11"),
            prefix_of_cluster("5d2c8a0e-6a52-4d6c-9d6e-1b5c3f6f0a11"));
  EXPECT_NE(prefix_of_cluster("prod"), prefix_of_cluster("test"));
  EXPECT_FALSE(wrong_value(*find_header("durablePrefix"), prefix_of_cluster("x")));
}

TEST(DurableTask, TheRecordedPrefixReadsBackAndIsChecked) {
  durable_progress progress;
  progress.prefix = "job-af63dc4c8601ec8c";
  const auto text = progress_json(progress, key);
  EXPECT_EQ(text, R"({"jobKey":"7","prefix":"job-af63dc4c8601ec8c"})");
  EXPECT_EQ(kept_progress(progress, key), text);
  EXPECT_EQ(kept_progress({}, key), "");
  EXPECT_EQ(read_progress(text, key).prefix, progress.prefix);
  EXPECT_EQ(read_progress(R"({"jobKey":"7","prefix":"a b"})", key).prefix, "");
  EXPECT_EQ(read_progress(R"({"jobKey":"7","prefix":["x"]})", key).prefix, "");
  EXPECT_EQ(read_progress(R"({"jobKey":"8","prefix":"x"})", key).prefix, "");
}

struct pause_row {
  int asked;
  milliseconds interval;
  milliseconds pause;
};

TEST(DurableTask, PauseGrowsFromASecondToTheInterval) {
  for (const auto& row : std::vector<pause_row>{{0, seconds(60), seconds(1)},
                                                {1, seconds(60), seconds(2)},
                                                {5, seconds(60), seconds(32)},
                                                {6, seconds(60), seconds(60)},
                                                {1'000'000, seconds(60), seconds(60)},
                                                {9, milliseconds(1), seconds(1)},
                                                {30, seconds(1'000'000), std::chrono::hours(24)}}) {
    auto headers = polling();
    headers.poll_interval = row.interval;
    const auto back = back_to_wait({0, row.asked, "arn"}, headers, key, 3, "It runs.", nothing);
    EXPECT_EQ(back.back_off, row.pause) << row.asked;
    EXPECT_TRUE(back.release);
    EXPECT_TRUE(back.waits);
    EXPECT_EQ(back.retries, 3);
  }
  const auto most = back_to_wait({0, 6, "a"}, polling(), key, 3, "", [] { return 0.999; });
  EXPECT_LT(most.back_off, seconds(46));
  EXPECT_GE(most.back_off, seconds(45));
}

connector::outcome runs(std::string arn) {
  connector::outcome out;
  out.result = connector::unfinished{std::move(arn), "it is RUNNING"};
  out.sent = true;
  return out;
}

job_facts facts_of(durable_progress progress, int retries = 3) {
  job_facts facts{retries, 0, false};
  facts.key = key;
  facts.durable = std::move(progress);
  return facts;
}

TEST(DurableTask, ExecutionThatRunsSendsTheJobBackWithItsArn) {
  const auto back = std::get<fail_command>(
      outcome_to_command(runs("arn:x"), polling(), facts_of({1, 2, "arn:x"}), nothing));
  EXPECT_TRUE(back.release);
  EXPECT_EQ(back.retries, 3);
  EXPECT_EQ(back.back_off, seconds(4));
  EXPECT_EQ(back.variables,
            R"({"lambdaExecution":{"jobKey":"7","run":1,"execution":"arn:x","asked":3}})");
  EXPECT_EQ(back.message,
            "WAITING: The durable execution arn:x has not ended: it is RUNNING. The worker asks "
            "again in 4 s. This is no failure, and the job loses no retry.");
}

TEST(DurableTask, OfAnExecutionThatRunsTheTextForPeopleIsSaid) {
  auto out = runs("arn:x");
  std::get<connector::unfinished>(out.result).shown = "arn:***";
  const auto back = std::get<fail_command>(
      outcome_to_command(out, polling(), facts_of({1, 2, "arn:x"}), nothing));
  EXPECT_NE(back.variables.find(R"("execution":"arn:x")"), std::string::npos);
  EXPECT_EQ(back.message.find("WAITING: The durable execution arn:*** has not ended"), 0U);
}

connector::outcome call_failed_with(connector::error_code code, connector::failure_class failure) {
  connector::outcome out;
  connector::error e;
  e.code = code;
  e.failure = failure;
  e.message = "Something about it.";
  out.result = std::move(e);
  return out;
}

// Lambda, the network or the credentials are away: the execution goes on.
TEST(DurableTask, QuestionThatFailedIsAskedAgainAndCostsNoRetry) {
  using connector::error_code;
  using connector::failure_class;
  for (const auto& outcome :
       {call_failed_with(error_code::connection_error, failure_class::not_started),
        call_failed_with(error_code::too_many_requests, failure_class::throttled),
        call_failed_with(error_code::credentials_error, failure_class::not_started)}) {
    const auto back = std::get<fail_command>(
        outcome_to_command(outcome, polling(), facts_of({0, 3, "arn:x"}, 1), nothing));
    EXPECT_TRUE(back.release);
    EXPECT_EQ(back.retries, 1);
    EXPECT_THAT(back.variables, HasSubstr(R"("execution":"arn:x","asked":4)"));
    EXPECT_THAT(back.message, StartsWith("WAITING: Something about it."));
    // Before it was started it costs one, as for any call.
    const auto start =
        std::get<fail_command>(outcome_to_command(outcome, polling(), facts_of({}, 3), nothing));
    EXPECT_FALSE(start.release);
    EXPECT_EQ(start.retries, 2);
  }
}

TEST(DurableTask, ExecutionThatIsLostIsAnIncidentThatSaysHowToStartAnother) {
  const auto lost = std::get<fail_command>(outcome_to_command(
      call_failed_with(connector::error_code::not_found, connector::failure_class::permanent),
      polling(), facts_of({0, 3, "arn:x"}), nothing));
  EXPECT_EQ(lost.retries, 0);
  EXPECT_THAT(lost.message, HasSubstr("local variable 'lambdaExecution' to null"));
}

connector::outcome execution_failed() {
  connector::outcome out;
  connector::answer answer;
  answer.variables = {{"statusCode", "200"}, {"payload", "{}"}};
  answer.function_error.emplace().type = "TIMED_OUT";
  out.result = std::move(answer);
  out.function = "orders";
  return out;
}

TEST(DurableTask, FailedExecutionIsNotRetriedUnlessARetryStartsAnother) {
  auto headers = polling();
  headers.function_error = on_function_error::fail;
  const auto end = std::get<fail_command>(
      outcome_to_command(execution_failed(), headers, facts_of({0, 3, "arn:x"}), nothing));
  EXPECT_EQ(end.retries, 0);
  EXPECT_THAT(end.message, HasSubstr(R"('lambdaExecution' to {"jobKey":"7","run":1})"));
  headers.durable_rerun = true;
  auto facts = facts_of({0, 3, "arn:x"});
  facts.next_run = R"({"jobKey":"7","run":1})";
  const auto again =
      std::get<fail_command>(outcome_to_command(execution_failed(), headers, facts, nothing));
  EXPECT_EQ(again.retries, 2);
  EXPECT_THAT(again.variables, HasSubstr(R"("lambdaExecution":{"jobKey":"7","run":1})"));
}

TEST(DurableTask, TypeOfTheStatusIsThrown) {
  auto headers = polling();
  headers.bpmn_errors = {"TIMED_OUT"};
  const auto thrown = std::get<throw_command>(
      outcome_to_command(execution_failed(), headers, facts_of({0, 3, "arn:x"}), nothing));
  EXPECT_EQ(thrown.error_code, "TIMED_OUT");
}

}  // namespace
}  // namespace worker::jobs
