// When a stream is not read for a while (worker/jobs/README.md).
#include "tests/unit/worker/jobs/job_streamer_fixture.h"

namespace worker::jobs {
namespace {

using JobStreamerPause = job_streamer_fixture;

TEST_F(JobStreamerPause, PausedReadsNoJobUntilAQueuePlaceCameFree) {
  // given
  fill();
  streamer_.pause_full();
  EXPECT_EQ(streamer_.state(), stream_state::paused);
  EXPECT_FALSE(gateway_.give(stream_call, callable(9)));
  // when something came free, but no place
  streamer_.capacity_came_free();
  EXPECT_EQ(streamer_.state(), stream_state::paused);
  // when
  work_off();
  streamer_.capacity_came_free();
  // then
  EXPECT_EQ(streamer_.state(), stream_state::open);
  push(9);
  clock_.run();
  EXPECT_EQ(gateway_.count("CompleteJob 9"), 1U);
  EXPECT_EQ(opened(), 1U);
  EXPECT_EQ(streamer_.count().paused, 1U);
  EXPECT_EQ(streamer_.count().closed_full, 0U);
}

TEST_F(JobStreamerPause, AJobThatArrivesWhileAPollTookTheLastPlaceWaitsBeyondThePlaces) {
  // given
  fill();
  // when
  push(9);
  // then
  EXPECT_FALSE(dispatcher_.anything_to_release());
  EXPECT_EQ(dispatcher_.queued(), 5U);
  EXPECT_THAT(set_aside_, testing::IsEmpty());
  work_off();
  EXPECT_EQ(gateway_.count("CompleteJob 9"), 1U);
}

TEST_F(JobStreamerPause, PausedForASecondIsClosedAndReadUntilItIsQuiet) {
  // given
  fill();
  streamer_.pause_full();
  clock_.pass(milliseconds(990));
  EXPECT_EQ(streamer_.state(), stream_state::paused);
  // when
  clock_.pass(milliseconds(20));
  push(9);
  clock_.pass(milliseconds(110));
  // then
  EXPECT_FALSE(is_open());
  EXPECT_EQ(streamer_.count().closed_full, 1U);
  clock_.pass(milliseconds(260));
  EXPECT_THAT(gateway_.calls("FailJob"), testing::ElementsAre(testing::StartsWith("FailJob 9 ")));
}

TEST_F(JobStreamerPause, ManyShortPausesAreNoLongOne) {
  for (int i = 0; i < 30; ++i) {
    // given
    streamer_.pause_full();
    clock_.pass(milliseconds(90));
    // when
    streamer_.capacity_came_free();
    clock_.pass(milliseconds(10));
  }
  // then
  EXPECT_TRUE(is_open());
  EXPECT_EQ(streamer_.count().closed_full, 0U);
  EXPECT_EQ(streamer_.count().paused, 30U);
  // when one is long at last
  streamer_.pause_full();
  clock_.pass(milliseconds(1150));
  // then
  EXPECT_FALSE(is_open());
}

TEST_F(JobStreamerPause, APausedStreamIsNotSilent) {
  // given
  streamer_.pause_full();
  clock_.pass(milliseconds(900));
  clock_.skip(minutes(2));
  // when
  streamer_.polls_brought(100);
  streamer_.capacity_came_free();
  streamer_.polls_brought(100);
  clock_.run();
  // then
  EXPECT_EQ(streamer_.count().closed_silent, 0U);
}

TEST_F(JobStreamerPause, APausedStreamIsReadOnWhenItIsRenewedOrStopped) {
  // given
  streamer_.pause_full();
  // when
  streamer_.renew();
  push(1);
  clock_.pass(milliseconds(120));
  // then
  EXPECT_EQ(opened(), 2U);
  EXPECT_EQ(gateway_.count("CompleteJob 1"), 1U);
  // given
  streamer_.pause_full();
  // when
  streamer_.stop();
  push(2);
  clock_.pass(milliseconds(120));
  // then
  EXPECT_EQ(streamer_.state(), stream_state::stopped);
  EXPECT_EQ(streamer_.count().jobs, 2U);
}

}  // namespace
}  // namespace worker::jobs
