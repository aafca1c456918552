// Results of calls: how long they are offered to the engine, and what becomes of those that it
// refuses (worker/jobs/README.md).
#include <fmt/format.h>

#include "connector/base/log.h"
#include "tests/unit/worker/jobs/command_sender_fixture.h"

namespace worker::jobs {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

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
