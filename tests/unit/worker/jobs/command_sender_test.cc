// The rules of delivering a job's end (worker/jobs/README.md): which statuses of the engine lead to
// which calls, and how the job ends.
#include "worker/jobs/command_sender.h"

#include <fmt/format.h>

#include "connector/base/log.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

job_command result(bool of_a_call = true) {
  return complete_command{R"({"n":1})", "function \"orders\"", of_a_call};
}
job_command thrown(bool of_a_call = true) {
  return throw_command{"NO_STOCK", "NO_STOCK: sold out", "{}", "function \"orders\"", of_a_call};
}
fail_command failure() {
  fail_command out;
  out.retries = 2;
  out.message = "SERVICE_ERROR: no";
  out.variables = R"({"lambdaAttempt":1})";
  return out;
}
// Takes the marker of atMostOnce back.
fail_command failure_sent_once() {
  auto out = failure();
  out.send_once = true;
  return out;
}

class command_sender_fixture : public jobs_fixture {
 protected:
  ended_t<job_end> send(job_command command) {
    return start(sender_.send(active_, std::move(command)));
  }

  sender_settings settings_;
  bool stopped_ = false;
  command_sender sender_{gateway_, settings_, half_, [this] { return stopped_; }};
  active_job_ptr active_ = running(job());
};

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

using CommandSender = command_sender_fixture;

TEST_F(CommandSender, AResultOfACallIsOfferedAfterItsActivationEndedUntilTheEngineTakesIt) {
  // given: an engine that is away for five minutes, and a lease of one
  gateway_.answer("CompleteJob", {says::lost});
  const auto ended = send(result());
  clock_.pass(minutes(5), milliseconds(500));
  ASSERT_FALSE(ended->has_value());
  EXPECT_EQ(sender_.count().holding, 1U);
  // when
  gateway_.answer("CompleteJob", {says::ok});
  clock_.pass(seconds(6), milliseconds(100));
  // then
  EXPECT_EQ(*ended, job_end::completed);
  EXPECT_EQ(sender_.count().holding, 0U);
  EXPECT_EQ(sender_.count().held, 1U);
  EXPECT_EQ(sender_.count().delivered_late, 1U);
}

engine::job leased(engine::job of, const std::string& token = "first") {
  of.lease_token = token;
  return of;
}

struct one_of_each {
  job_command command;
  std::string line;
};

std::vector<one_of_each> commands(bool of_a_call) {
  return {{result(of_a_call), "CompleteJob 7/first"},
          {thrown(of_a_call), "ThrowError 7/first"},
          {failure(), "FailJob 7/first"}};
}

TEST_F(CommandSender, EveryCommandCarriesTheTokenOfItsActivation) {
  for (const auto& each : commands(true)) {
    active_ = running(leased(job()));
    send(each.command);
    EXPECT_THAT(gateway_.calls().back(), testing::StartsWith(each.line));
  }
}

TEST_F(CommandSender, ARefusedTokenIsTheEndAtOnceAndIsCounted) {
  // given
  active_ = running(leased(job()));
  gateway_.answer("CompleteJob", {says::fenced});
  // when
  const auto ended = send(result());
  // then
  EXPECT_EQ(*ended, job_end::superseded);
  EXPECT_EQ(sender_.count().fenced, 1U);
  EXPECT_EQ(sender_.count().dropped, 1U);
  EXPECT_EQ(sender_.count().held, 0U);
  EXPECT_TRUE(active_->report(job_end::superseded).facts.fenced);
}

TEST_F(CommandSender, AResultWhoseTokenBecameOldHereIsSentWithTheNewOne) {
  // given: the command is under way when the job is activated here again
  active_ = running(leased(job()));
  gateway_.leave_open("CompleteJob");
  const auto ended = send(result());
  active_->activated_again(leased(job(), "second"),
                           {boot_clock::now() + lease_length, lease_length});
  // when
  gateway_.answer("CompleteJob", {says::ok});
  gateway_.end_all(says::fenced);
  clock_.run();
  // then
  EXPECT_EQ(*ended, job_end::completed);
  EXPECT_THAT(gateway_.calls(), ElementsAre(testing::StartsWith("CompleteJob 7/first"),
                                            testing::StartsWith("CompleteJob 7/second")));
  EXPECT_EQ(sender_.count().fenced, 0U);
}

// Our clock decides without a token; with one the engine does.
TEST_F(CommandSender, WithATokenEveryCommandIsSentAfterTheLeaseEndedByOurClockToo) {
  for (const auto& each : commands(false)) {
    active_ = running(leased(job()), milliseconds(0));
    send(each.command);
    ASSERT_FALSE(gateway_.calls().empty()) << each.line;
    EXPECT_THAT(gateway_.calls().back(), testing::StartsWith(each.line));
  }
  active_ = running(leased(job()), milliseconds(0));
  const auto ended = send(release_command(3, "not started"));
  EXPECT_EQ(*ended, job_end::lapsed);
  EXPECT_EQ(gateway_.calls().size(), 3U);
}

TEST_F(CommandSender, AResultThatTheEngineDoesNotTakeFreesTheSlot) {
  // given
  gateway_.answer("CompleteJob", {says::busy});
  ASSERT_EQ(capacity_.free_slots(), 3U);
  // when
  const auto ended = send(result());
  // then
  EXPECT_EQ(capacity_.free_slots(), 4U);
  EXPECT_FALSE(ended->has_value());
  stopped_ = true;
  clock_.pass(seconds(6), milliseconds(100));
}

TEST_F(CommandSender, AResultIsGivenUpWhenTheHoldTimeIsOver) {
  // given
  gateway_.answer("CompleteJob", {says::busy});
  const auto ended = send(result());
  // when
  clock_.pass(settings_.hold_time - seconds(10), seconds(1));
  EXPECT_FALSE(ended->has_value());
  clock_.pass(seconds(20), seconds(1));
  // then
  EXPECT_EQ(*ended, job_end::undelivered);
  EXPECT_EQ(sender_.count().dropped, 1U);
}

TEST_F(CommandSender, AResultIsGivenUpWhenTheDrainIsOver) {
  // given
  gateway_.answer("CompleteJob", {says::busy});
  const auto ended = send(result());
  // when
  stopped_ = true;
  clock_.pass(seconds(6), milliseconds(100));
  // then
  EXPECT_EQ(*ended, job_end::undelivered);
}

// A failure's message may quote the function, and jobError's is a text of the model.
TEST_F(CommandSender, NoLineOfTheLogShowsWhatACommandCarries) {
  // given
  constexpr std::string_view marked = "of-the-function-alone";
  auto failing = failure();
  failing.message = fmt::format("FUNCTION_ERROR: failed with {}", marked);
  auto of_model = failing;
  of_model.message_of_model = true;
  const throw_command throwing{"NO_STOCK", failing.message, "{}", "function \"orders\""};
  const complete_command completing{fmt::format(R"({{"payload":"{}"}})", marked), ""};
  testing::internal::CaptureStdout();
  connector::log::set_up(connector::log::level::debug, connector::log::format::json);
  // when the engine gives none of them a place
  for (const job_command& command :
       std::initializer_list<job_command>{failing, of_model, throwing, completing}) {
    for (const auto& status : {says::not_active, says::refused, says::busy}) {
      for (const auto* call : {"CompleteJob", "ThrowError", "FailJob"}) {
        gateway_.answer(call, {status});
      }
      active_ = running(job());
      const auto ended = send(command);
      clock_.pass(settings_.hold_time + seconds(20), seconds(5));
      EXPECT_TRUE(ended->has_value());
    }
  }
  connector::log::shut_down();
  // then
  const auto log = testing::internal::GetCapturedStdout();
  EXPECT_THAT(log, testing::HasSubstr("the failure of a job could not be given to the engine"));
  EXPECT_THAT(log, testing::HasSubstr(R"("code":"FUNCTION_ERROR")"));
  EXPECT_THAT(log, testing::Not(testing::HasSubstr(marked)));
}

TEST_F(CommandSender, AJobThatIsNotActiveIsLookedAtEveryFiveSecondsAndWhenItIsActivatedAgain) {
  // given
  gateway_.answer("CompleteJob", {says::not_active});
  const auto ended = send(result());
  clock_.pass(milliseconds(4'999), milliseconds(100));
  EXPECT_EQ(gateway_.count("CompleteJob"), 1U);
  clock_.pass(milliseconds(1));
  EXPECT_EQ(gateway_.count("CompleteJob"), 2U);
  // when
  gateway_.answer("CompleteJob", {says::ok});
  activate_again(*active_);
  clock_.run();
  // then
  EXPECT_EQ(gateway_.count("CompleteJob"), 3U);
  EXPECT_EQ(*ended, job_end::completed);
}

TEST_F(CommandSender, AResultWithoutACallIsNotSentWhenTheActivationEnded) {
  // given
  clock_.skip(lease_length);
  // when
  const auto completed = send(result(false));
  const auto error = send(thrown(false));
  // then
  EXPECT_EQ(*completed, job_end::undelivered);
  EXPECT_EQ(*error, job_end::undelivered);
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(CommandSender, NothingIsSentForAJobThatIsGone) {
  // given
  active_->found_gone();
  // when
  const auto completed = send(result());
  const auto failed = send(failure());
  // then
  EXPECT_EQ(*completed, job_end::superseded);
  EXPECT_EQ(*failed, job_end::superseded);
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(CommandSender, AFailureIsSentOnlyWhileTheActivationLives) {
  // given: an engine that loses every answer
  gateway_.answer("FailJob", {says::lost});
  const auto ended = send(failure());
  // when
  clock_.pass(lease_length, milliseconds(100));
  const auto sent = gateway_.count("FailJob");
  clock_.pass(lease_length, milliseconds(100));
  // then
  EXPECT_EQ(*ended, job_end::undelivered);
  EXPECT_EQ(gateway_.count("FailJob"), sent);
  EXPECT_GT(sent, 10U);
}

TEST_F(CommandSender, AReleaseWhoseActivationEndedHasLapsed) {
  // given
  clock_.skip(lease_length);
  // when
  const auto ended = send(release_command(3, "not started"));
  // then
  EXPECT_EQ(*ended, job_end::lapsed);
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(CommandSender, AFailureIsBoundedByTheHoldTimeToo) {
  // given: a lease that is longer
  active_ = running(job(), hours(2));
  gateway_.answer("FailJob", {says::busy});
  const auto ended = send(failure());
  // when
  clock_.pass(settings_.hold_time + seconds(10), seconds(1));
  // then
  EXPECT_EQ(*ended, job_end::undelivered);
}

TEST_F(CommandSender, AFailureIsGivenUpWhenTheDrainIsOver) {
  // given
  gateway_.answer("FailJob", {says::busy});
  stopped_ = true;
  // when
  const auto ended = send(failure());
  clock_.pass(seconds(6), milliseconds(100));
  // then
  EXPECT_EQ(*ended, job_end::undelivered);
  EXPECT_EQ(gateway_.count("FailJob"), 1U);
}

TEST_F(CommandSender, ARetryThatOvertookTheAnswerToOurFailureIsNotFailedAgain) {
  // given
  gateway_.answer("FailJob", {says::lost});
  const auto ended = send(failure());
  ASSERT_EQ(gateway_.count("FailJob"), 1U);
  // when
  activate_again(*active_);
  clock_.pass(seconds(10), milliseconds(100));
  // then
  EXPECT_EQ(*ended, job_end::failed);
  EXPECT_EQ(gateway_.count("FailJob"), 1U);
}

TEST_F(CommandSender, ARefusedFailureKeepsItsMessageAndDropsItsVariables) {
  // given
  gateway_.answer("FailJob", {says::refused, says::ok});
  // when
  send(failure());
  // then
  EXPECT_THAT(gateway_.calls(),
              ElementsAre(R"(FailJob 7 retries=2 backOff=0 SERVICE_ERROR: no {"lambdaAttempt":1})",
                          "FailJob 7 retries=2 backOff=0 SERVICE_ERROR: no"));
}

TEST_F(CommandSender, ATooLargeResultRaisesAnIncidentThatSaysThatTheFunctionHasRun) {
  // given
  gateway_.answer("CompleteJob", {says::too_large});
  // when
  send(result());
  // then
  ASSERT_EQ(gateway_.count("FailJob"), 1U);
  EXPECT_THAT(gateway_.calls("FailJob").front(),
              testing::AllOf(HasSubstr("retries=0"), HasSubstr("RESPONSE_TOO_LARGE"),
                             HasSubstr("function \"orders\""), HasSubstr("has run")));
}

TEST_F(CommandSender, AResultOverHalfOfAKnownMessageSizeIsNotSentAtAll) {
  // given
  settings_.engine_message_size = 100;
  command_sender sender(gateway_, settings_, half_, [] { return false; });
  complete_command large{"{\"n\":\"" + std::string(60, 'x') + "\"}", "", true};
  // when
  const auto ended = start(sender.send(active_, large));
  // then
  EXPECT_EQ(*ended, job_end::failed);
  ASSERT_EQ(gateway_.calls().size(), 1U);
  EXPECT_THAT(gateway_.calls().front(), HasSubstr("RESPONSE_TOO_LARGE"));
}

TEST_F(CommandSender, AResultThatTheEngineCannotReadIsRefusedBeforeItIsSent) {
  // given
  complete_command broken{"{\"n\":", "", true};
  // when
  const auto ended = send(broken);
  // then
  EXPECT_EQ(*ended, job_end::failed);
  ASSERT_EQ(gateway_.calls().size(), 1U);
  EXPECT_THAT(gateway_.calls().front(), HasSubstr("RESPONSE_REFUSED"));
}

TEST_F(CommandSender, RepetitionsSlowDownToOneInFiveSeconds) {
  // given
  gateway_.answer("CompleteJob", {says::busy});
  const auto ended = send(result());
  // when
  clock_.pass(minutes(1), milliseconds(100));
  const auto before = gateway_.count("CompleteJob");
  clock_.pass(minutes(1), milliseconds(100));
  // then: with a jitter of a half, one in 2.5 s
  EXPECT_EQ(gateway_.count("CompleteJob") - before, 24U);
  EXPECT_EQ(sender_.count().repeated, gateway_.count("CompleteJob") - 1);
  stopped_ = true;
  clock_.pass(seconds(6), milliseconds(100));
  EXPECT_TRUE(ended->has_value());
}

}  // namespace
}  // namespace worker::jobs
