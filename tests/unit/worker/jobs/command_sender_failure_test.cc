// Failures and releases: how long they are sent, and when they are not sent again.
#include "tests/unit/worker/jobs/command_sender_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CommandSender = command_sender_fixture;

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

}  // namespace
}  // namespace worker::jobs
