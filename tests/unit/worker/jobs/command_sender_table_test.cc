// The rules of delivering a job's end as tables (worker/jobs/README.md): which statuses of the
// engine lead to which calls, and how the job ends.
#include <deque>

#include "tests/unit/worker/jobs/command_sender_fixture.h"

namespace worker::jobs {
namespace {

struct sending {
  std::string name;
  job_command given;
  std::vector<engine::status> when;  // the engine's answers, in turn
  std::vector<std::string> then;     // the calls, by name
  job_end end;
};

class CommandSenderTable : public command_sender_fixture,
                           public testing::WithParamInterface<sending> {};

TEST_P(CommandSenderTable, CallsAndEnd) {
  // given
  const auto& [name, command, answers, calls, end] = GetParam();
  std::deque<engine::status> left(answers.begin(), answers.end());
  for (const auto* call : {"CompleteJob", "ThrowError", "FailJob"}) gateway_.answer(call, {});
  gateway_.on_call = [&](const std::string& line) {
    ASSERT_FALSE(left.empty()) << "a call too many: " << line;
    gateway_.answer(line.substr(0, line.find(' ')), {left.front()});
    left.pop_front();
  };
  // when
  const auto ended = send(command);
  clock_.pass(seconds(20), milliseconds(100));
  // then
  std::vector<std::string> names;
  for (const auto& line : gateway_.calls()) names.push_back(line.substr(0, line.find(' ')));
  EXPECT_EQ(names, calls);
  ASSERT_TRUE(ended->has_value()) << "still under way";
  EXPECT_EQ(**ended, end);
}

std::vector<sending> results() {
  const std::vector<std::string> once{"CompleteJob"};
  const std::vector<std::string> twice{"CompleteJob", "CompleteJob"};
  const std::vector<std::string> then_failed{"CompleteJob", "FailJob"};
  return {
      {"TakenAtOnce", result(), {says::ok}, once, job_end::completed},
      {"LostAndRepeated", result(), {says::lost, says::ok}, twice, job_end::completed},
      {"BackPressureAndRepeated", result(), {says::busy, says::ok}, twice, job_end::completed},
      {"UnreadableAndRepeated", result(), {says::unreadable, says::ok}, twice, job_end::completed},
      {"ProxyAndRepeated", result(), {says::of_a_proxy, says::ok}, twice, job_end::completed},
      {"NotActiveIsHeld", result(), {says::not_active, says::ok}, twice, job_end::completed},
      {"GoneIsSuperseded", result(), {says::gone}, once, job_end::superseded},
      {"GoneAfterALostAnswer", result(), {says::lost, says::gone}, twice, job_end::superseded},
      {"AnotherLeaseIsSuperseded", result(), {says::fenced}, once, job_end::superseded},
      {"AnotherLeaseAfterALostAnswer",
       result(),
       {says::lost, says::fenced},
       twice,
       job_end::superseded},
      {"WithoutACallAnotherLease", result(false), {says::fenced}, once, job_end::superseded},
      {"TooLargeFailsTheJob", result(), {says::too_large, says::ok}, then_failed, job_end::failed},
      {"RefusedFailsTheJob", result(), {says::refused, says::ok}, then_failed, job_end::failed},
      {"RefusedAndItsFailureToo",
       result(),
       {says::refused, says::not_active},
       then_failed,
       job_end::undelivered},
      {"WithoutACallLostAndRepeated",
       result(false),
       {says::lost, says::ok},
       twice,
       job_end::completed},
      {"WithoutACallNotActive", result(false), {says::not_active}, once, job_end::undelivered},
  };
}

std::vector<sending> thrown_errors() {
  const std::vector<std::string> once{"ThrowError"};
  const std::vector<std::string> twice{"ThrowError", "ThrowError"};
  return {
      {"ThrownTakenAtOnce", thrown(), {says::ok}, once, job_end::bpmn_error},
      {"ThrownLostAndRepeated", thrown(), {says::lost, says::ok}, twice, job_end::bpmn_error},
      {"ThrownNotActiveIsHeld", thrown(), {says::not_active, says::ok}, twice, job_end::bpmn_error},
      {"ThrownGone", thrown(), {says::gone}, once, job_end::superseded},
      {"ThrownAnotherLease", thrown(), {says::fenced}, once, job_end::superseded},
      {"ThrownRefused",
       thrown(),
       {says::refused, says::ok},
       {"ThrowError", "FailJob"},
       job_end::failed},
      {"ThrownWithoutACallNotActive",
       thrown(false),
       {says::not_active},
       once,
       job_end::undelivered},
  };
}

std::vector<sending> failures() {
  const std::vector<std::string> once{"FailJob"};
  const std::vector<std::string> twice{"FailJob", "FailJob"};
  const auto release = release_command(3, "not started");
  auto waits = release;
  waits.waits = true;
  return {
      {"FailureTakenAtOnce", failure(), {says::ok}, once, job_end::failed},
      {"FailureLostAndRepeated", failure(), {says::lost, says::ok}, twice, job_end::failed},
      {"FailureBackPressureAndRepeated", failure(), {says::busy, says::ok}, twice, job_end::failed},
      {"FailureGone", failure(), {says::gone}, once, job_end::superseded},
      {"FailureNotActiveWasAnothers", failure(), {says::not_active}, once, job_end::undelivered},
      {"FailureNotActiveAfterALostAnswerWasOurs",
       failure(),
       {says::lost, says::not_active},
       twice,
       job_end::failed},
      {"FailureNotActiveAfterBackPressureWasAnothers",
       failure(),
       {says::busy, says::not_active},
       twice,
       job_end::undelivered},
      {"FailureTooLargeIsSentWithoutVariables",
       failure(),
       {says::too_large, says::ok},
       twice,
       job_end::failed},
      {"FailureRefusedTwice",
       failure(),
       {says::refused, says::refused},
       twice,
       job_end::undelivered},
      {"SentOnceTakenAtOnce", failure_sent_once(), {says::ok}, once, job_end::failed},
      {"SentOnceLostIsNotRepeated", failure_sent_once(), {says::lost}, once, job_end::undelivered},
      {"SentOnceBackPressureIsRepeated",
       failure_sent_once(),
       {says::busy, says::ok},
       twice,
       job_end::failed},
      {"ReleaseTakenAtOnce", release, {says::ok}, once, job_end::released},
      {"ReleaseLostAndRepeated", release, {says::lost, says::ok}, twice, job_end::released},
      {"FailureAnotherLease", failure(), {says::fenced}, once, job_end::superseded},
      {"FailureAnotherLeaseAfterALostAnswer",
       failure(),
       {says::lost, says::fenced},
       twice,
       job_end::superseded},
      {"SentOnceAnotherLease", failure_sent_once(), {says::fenced}, once, job_end::superseded},
      {"ReleaseAnotherLease", release, {says::fenced}, once, job_end::superseded},
      {"ReleaseGone", release, {says::gone}, once, job_end::superseded},
      {"WaitsForItsExecution", waits, {says::ok}, once, job_end::waiting},
  };
}

std::string name_of_row(const testing::TestParamInfo<sending>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Result, CommandSenderTable, testing::ValuesIn(results()), name_of_row);
INSTANTIATE_TEST_SUITE_P(Thrown, CommandSenderTable, testing::ValuesIn(thrown_errors()),
                         name_of_row);
INSTANTIATE_TEST_SUITE_P(Failure, CommandSenderTable, testing::ValuesIn(failures()), name_of_row);

}  // namespace
}  // namespace worker::jobs
