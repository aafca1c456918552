// Lease tokens: which token a command carries, and who decides whether the lease is over.
#include "tests/unit/worker/jobs/command_sender_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;

using CommandSender = command_sender_fixture;

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

}  // namespace
}  // namespace worker::jobs
