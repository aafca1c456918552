// When a stream is closed, read on, and opened again (worker/jobs/README.md).
#include "worker/jobs/job_streamer.h"

#include "tests/unit/worker/jobs/job_streamer_fixture.h"

namespace worker::jobs {
namespace {

struct stream_end {
  std::string name;
  engine::status when;  // how the stream ends
  stream_state then;    // right after
  bool opened_again;    // within five seconds
  std::uint64_t failed;
};

class JobStreamerTable : public job_streamer_fixture,
                         public testing::WithParamInterface<stream_end> {};

TEST_P(JobStreamerTable, EndOfAStream) {
  // given
  const auto& given = GetParam();
  ASSERT_TRUE(is_open());
  // when
  gateway_.end_open(stream_call, given.when);
  clock_.run();
  // then
  EXPECT_EQ(streamer_.state(), given.then);
  EXPECT_EQ(opened(), 1U) << "never in a busy loop";
  clock_.pass(seconds(5), milliseconds(10));
  EXPECT_EQ(opened(), given.opened_again ? 2U : 1U);
  EXPECT_EQ(is_open(), given.opened_again);
  EXPECT_EQ(streamer_.count().failed, given.failed);
  if (!given.opened_again) expected_end_ = given.then;
}

INSTANTIATE_TEST_SUITE_P(
    Ends, JobStreamerTable,
    testing::Values(
        stream_end{"CleanEndIsOpenedAgain", says::ok, stream_state::backing_off, true, 0},
        stream_end{"BrokenIsOpenedAgain", says::lost, stream_state::backing_off, true, 1},
        stream_end{"BackPressureIsOpenedAgain", says::busy, stream_state::backing_off, true, 1},
        stream_end{"ProxyIsOpenedAgain", says::of_a_proxy, stream_state::backing_off, true, 1},
        stream_end{"UnknownCallIsNot", says::no_such_call, stream_state::unsupported, false, 0}),
    [](const testing::TestParamInfo<stream_end>& info) { return info.param.name; });

using JobStreamer = job_streamer_fixture;

TEST_F(JobStreamer, RunsWhatIsPushed) {
  // when
  push(1);
  clock_.run();
  // then
  EXPECT_EQ(gateway_.count("CompleteJob 1"), 1U);
  EXPECT_EQ(streamer_.count().jobs, 1U);
}

TEST_F(JobStreamer, ClosedFullReadsUntilNothingCameForAHundredMilliseconds) {
  // given
  streamer_.close_full();
  clock_.pass(milliseconds(90));
  push(1);
  clock_.pass(milliseconds(90));
  EXPECT_TRUE(is_open());
  // when
  clock_.pass(milliseconds(11));
  // then
  EXPECT_FALSE(is_open());
  EXPECT_EQ(streamer_.state(), stream_state::closed_full);
  EXPECT_EQ(streamer_.count().closed_full, 1U);
  EXPECT_EQ(gateway_.count("CompleteJob 1"), 1U);
}

TEST_F(JobStreamer, ClosedFullUnderSteadyLoadReadsForHalfASecondAtMost) {
  // given
  streamer_.close_full();
  // when
  engine::job_key of = 0;
  milliseconds passed{0};
  while (is_open() && passed < seconds(2)) {
    push(++of);
    clock_.pass(milliseconds(10));
    passed += milliseconds(10);
  }
  // then
  EXPECT_GE(passed, milliseconds(490));
  EXPECT_LE(passed, milliseconds(520));
}

TEST_F(JobStreamer, ClosedFullIsOpenedAgainWhenTheQueueIsEmptyAndAPollCameBackShort) {
  // given
  fill();
  streamer_.close_full();
  clock_.pass(milliseconds(600));
  ASSERT_EQ(streamer_.state(), stream_state::closed_full);
  // when: a poll comes back short, and jobs still wait
  streamer_.backlog_is_empty();
  clock_.pass(seconds(1), milliseconds(10));
  EXPECT_EQ(streamer_.state(), stream_state::closed_full);
  // when: none waits, and no poll came back short
  work_off();
  clock_.pass(minutes(3), milliseconds(500));
  EXPECT_EQ(streamer_.state(), stream_state::closed_full);
  // when: both
  streamer_.backlog_is_empty();
  clock_.run();
  // then
  EXPECT_EQ(streamer_.state(), stream_state::open);
  EXPECT_EQ(opened(), 2U);
}

TEST_F(JobStreamer, WhatDidNotFitGoesBackWhenTheGatewayKnowsThatTheStreamIsClosed) {
  // given
  fill();
  streamer_.close_full();
  push(9);
  // when
  clock_.pass(milliseconds(101));
  EXPECT_FALSE(is_open());
  clock_.pass(milliseconds(240));
  EXPECT_EQ(gateway_.count("FailJob"), 0U);
  clock_.pass(milliseconds(20));
  // then
  EXPECT_THAT(gateway_.calls("FailJob"),
              testing::ElementsAre(testing::StartsWith("FailJob 9 retries=3 backOff=0 CANCELLED")));
}

TEST_F(JobStreamer, RenewedReadsOnAndIsOpenedAgainAtOnceWithTheNewTimeout) {
  // given
  request_.timeout = minutes(17);
  // when
  streamer_.renew();
  clock_.pass(milliseconds(99));
  EXPECT_EQ(opened(), 1U);
  clock_.pass(milliseconds(2));
  // then
  EXPECT_EQ(streamer_.state(), stream_state::open);
  EXPECT_EQ(gateway_.calls().back(), "StreamActivatedJobs timeout=1020000");
}

TEST_F(JobStreamer, SilentForAMinuteWhilePollsBringTenJobsIsOpenedAgain) {
  // given: jobs that polls brought before the minute was over do not count
  clock_.pass(seconds(59), seconds(1));
  streamer_.polls_brought(100);
  clock_.pass(seconds(2), seconds(1));
  // when
  streamer_.polls_brought(9);
  clock_.run();
  EXPECT_EQ(opened(), 1U);
  streamer_.polls_brought(1);
  clock_.run();
  // then
  EXPECT_EQ(opened(), 2U);
  EXPECT_EQ(streamer_.count().closed_silent, 1U);
  EXPECT_EQ(streamer_.count().failed, 0U);
}

TEST_F(JobStreamer, APushedJobEndsTheSilence) {
  // given
  clock_.pass(seconds(61), seconds(1));
  streamer_.polls_brought(9);
  push(1);
  // when
  streamer_.polls_brought(100);
  clock_.pass(seconds(59), seconds(1));
  streamer_.polls_brought(100);
  clock_.run();
  // then
  EXPECT_EQ(opened(), 1U);
}

TEST_F(JobStreamer, StoppedReadsOnAndIsNotOpenedAgain) {
  // given
  streamer_.stop();
  clock_.pass(milliseconds(50));
  push(1);
  clock_.pass(milliseconds(99));
  EXPECT_TRUE(is_open());
  // when
  clock_.pass(milliseconds(2));
  // then
  EXPECT_FALSE(is_open());
  EXPECT_EQ(streamer_.state(), stream_state::stopped);
  EXPECT_EQ(opened(), 1U);
  EXPECT_EQ(streamer_.count().jobs, 1U);
}

TEST_F(JobStreamer, ThatBreaksAgainAndAgainIsOpenedMoreAndMoreSeldom) {
  // given
  gateway_.answer(stream_call, {says::lost});
  gateway_.end_open(stream_call, says::lost);
  // when
  clock_.pass(minutes(1), milliseconds(50));
  const auto before = opened();
  clock_.pass(minutes(1), milliseconds(50));
  // then: 5 s at most, 3.75 s with a jitter of a half
  EXPECT_EQ(opened() - before, 16U);
}

}  // namespace
}  // namespace worker::jobs
