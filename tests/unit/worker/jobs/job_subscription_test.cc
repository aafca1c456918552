// One job type at the engine: what its polls ask for, and what its stream is
// told (worker/jobs/README.md).
#include "worker/jobs/job_subscription.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "connector/base/log.h"
#include "tests/unit/worker/jobs/parts_fixture.h"
#include "worker/jobs/task.h"

namespace worker::jobs {
namespace {

class job_subscription_fixture : public parts_fixture {
 protected:
  void begin(bool stream) {
    subscription_settings settings;
    settings.worker_name = "worker-1";
    settings.tenant_ids = {"a", "b"};
    settings.activation_timeout = lease_length;
    settings.stream = stream;
    subscription_.emplace(
        loop_.get_executor(),
        job_subscription::dependencies{gateway_, capacity_, dispatcher_, outage_, half_}, type_,
        settings);
    subscription_->start(loops_);
    clock_.run();
  }
  void TearDown() override {
    subscription_->stop();
    clock_.pass(seconds(6), milliseconds(100));
    EXPECT_EQ(loops_.running(), 0U);
    dispatcher_.stop();
    dispatcher_.release_queued();
    parts_fixture::TearDown();
  }

  bool stream_is_open() const { return gateway_.open(stream_call) == 1; }
  bool polls() const { return gateway_.open(poll_call) == 1; }

  task_group loops_{loop_.get_executor(), no_bug};
  std::optional<job_subscription> subscription_;
};

using JobSubscription = job_subscription_fixture;

TEST_F(JobSubscription, AsksForTheVariablesOfItsOperation) {
  begin(true);
  EXPECT_TRUE(polls());
  EXPECT_TRUE(stream_is_open());
  const auto& request = gateway_.request();
  EXPECT_EQ(request.type, "call");
  EXPECT_EQ(request.worker, "worker-1");
  EXPECT_EQ(request.timeout, lease_length);
  EXPECT_EQ(request.tenant_ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(request.fetch_variables,
            fetched_variables(connector::spec_of(connector::operation_id::invoke), {}));
}

TEST_F(JobSubscription, AsksForALeaseTokenWhereTheTypeWantsOne) {
  EXPECT_FALSE(gateway_.request().with_lease);
  type_.lease = lease_mode::offered;
  begin(true);
  EXPECT_TRUE(gateway_.request().with_lease);
}

TEST_F(JobSubscription, WithoutAStreamItPollsAlone) {
  begin(false);
  EXPECT_TRUE(polls());
  EXPECT_FALSE(stream_is_open());
  EXPECT_EQ(subscription_->snapshot().stream, "off");
}

TEST_F(JobSubscription, FullQueueOfItsTypePausesItsStreamUntilAPlaceIsFree) {
  // given
  begin(true);
  // when
  subscription_->queue_is_full(type_, false);
  // then
  EXPECT_TRUE(stream_is_open());
  EXPECT_EQ(subscription_->snapshot().stream, "paused");
  // when
  subscription_->capacity_came_free();
  // then
  EXPECT_EQ(subscription_->snapshot().stream, "open");
}

TEST_F(JobSubscription, JobOfItsTypeWithoutAPlaceClosesItsStream) {
  begin(true);
  subscription_->queue_is_full(type_, true);
  clock_.pass(seconds(1), milliseconds(50));
  EXPECT_FALSE(stream_is_open());
  EXPECT_EQ(subscription_->snapshot().stream, "closed_full");
}

TEST_F(JobSubscription, FullQueueOfAnotherTypeLeavesItsStreamOpen) {
  begin(true);
  const job_type other;
  subscription_->queue_is_full(other, true);
  clock_.pass(seconds(1), milliseconds(50));
  EXPECT_TRUE(stream_is_open());
  subscription_->queue_is_full(other, false);
  EXPECT_EQ(subscription_->snapshot().stream, "open");
}

TEST_F(JobSubscription, UsedUpBytesOfAnotherTypeCloseItsStream) {
  // given
  begin(true);
  const auto used = capacity_.charge_bytes(2 << 20);
  ASSERT_TRUE(capacity_.over_budget());
  // when
  const job_type other;
  subscription_->queue_is_full(other, true);
  clock_.pass(seconds(1), milliseconds(50));
  // then
  EXPECT_FALSE(stream_is_open());
}

TEST_F(JobSubscription, EmptyPollOpensAStreamAgainThatWasClosedFull) {
  // given
  begin(true);
  subscription_->queue_is_full(type_, true);
  clock_.pass(seconds(1), milliseconds(50));
  ASSERT_FALSE(stream_is_open());
  // when the engine has no more jobs
  ASSERT_TRUE(gateway_.end_open(poll_call, says::ok));
  clock_.run();
  // then
  EXPECT_TRUE(stream_is_open());
  EXPECT_EQ(subscription_->snapshot().pushes.opened, 2U);
}

// What a gateway without long polling does, one without quorum, and one whose messages break off.
TEST_F(JobSubscription, PollsThatEndEarlyAndBringNothingAreSaidOnce) {
  // given
  testing::internal::CaptureStdout();
  connector::log::set_up(connector::log::level::info, connector::log::format::json);
  begin(false);
  // when
  for (int i = 0; i < 30; ++i) {
    for (int wait = 0; wait < 60 && !polls(); ++wait) clock_.pass(milliseconds(100));
    ASSERT_TRUE(gateway_.end_open(poll_call, says::ok)) << i;
    clock_.run();
  }
  // then
  connector::log::shut_down();
  const auto told = testing::internal::GetCapturedStdout();
  EXPECT_THAT(told, testing::HasSubstr("the gateway ends polls at once and gives no job"));
  EXPECT_THAT(told, testing::HasSubstr(R"("type":"call")"));
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
}

TEST_F(JobSubscription, NewActivationTimeoutIsAskedForByPollsAndByTheStream) {
  // given
  begin(true);
  // when
  subscription_->use_activation_timeout(minutes(17));
  clock_.pass(seconds(1), milliseconds(50));
  // then the stream was opened again with it
  EXPECT_TRUE(stream_is_open());
  EXPECT_EQ(subscription_->snapshot().pushes.opened, 2U);
  EXPECT_EQ(gateway_.request().timeout, minutes(17));
  // and the next poll asks with it
  ASSERT_TRUE(gateway_.end_open(poll_call, says::ok));
  clock_.pass(seconds(1), milliseconds(50));
  EXPECT_GE(gateway_.count(poll_call), 2U);
  EXPECT_EQ(gateway_.request().timeout, minutes(17));
}

// Pushed jobs keep every slot and every queue place of the worker.
class JobSubscriptionFullOfPushedJobs : public job_subscription_fixture {
 protected:
  void SetUp() override {
    while (auto slot = capacity_.take_slot(0)) slots_.push_back(std::move(*slot));
    while (auto place = capacity_.take_queue_place(0)) places_.push_back(std::move(*place));
    begin(true);
    fill();
  }
  void TearDown() override {
    places_.clear();
    slots_.clear();
    job_subscription_fixture::TearDown();
  }

  void fill() { subscription_->queue_is_full(type_, false); }
  void one_place_comes_free() {
    places_.pop_back();
    subscription_->capacity_came_free();
    clock_.run();
  }
  std::string stream() const { return std::string(subscription_->snapshot().stream); }

  std::vector<capacity::permit> slots_;
  std::vector<capacity::permit> places_;
};

TEST_F(JobSubscriptionFullOfPushedJobs, FirstPlaceIsForThePollAndTheNextForTheStream) {
  // given
  ASSERT_FALSE(polls());
  ASSERT_EQ(stream(), "paused");
  // when
  one_place_comes_free();
  // then
  ASSERT_EQ(gateway_.count(poll_call), 1U);
  EXPECT_THAT(gateway_.calls(poll_call).back(), testing::StartsWith("ActivateJobs max=1 "));
  EXPECT_EQ(stream(), "paused");
  // when
  one_place_comes_free();
  // then
  EXPECT_EQ(stream(), "open");
}

TEST_F(JobSubscriptionFullOfPushedJobs, PollThatBroughtAJobIsFollowedByOneAfterTenMilliseconds) {
  // given
  one_place_comes_free();
  ASSERT_TRUE(gateway_.give(poll_call, callable()));
  ASSERT_TRUE(gateway_.end_open(poll_call, says::ok));
  clock_.pass(milliseconds(9), milliseconds(1));
  // when
  one_place_comes_free();
  // then
  EXPECT_FALSE(polls());
  EXPECT_EQ(stream(), "open");
  // when
  places_.push_back(capacity_.take_queue_place(0).value());
  fill();
  clock_.pass(milliseconds(1), milliseconds(1));
  one_place_comes_free();
  // then
  EXPECT_TRUE(polls());
  EXPECT_EQ(stream(), "paused");
}

TEST_F(JobSubscriptionFullOfPushedJobs, PollThatFoundNothingIsAskedAgainAfterASecond) {
  // given
  one_place_comes_free();
  ASSERT_TRUE(gateway_.end_open(poll_call, says::ok));
  clock_.run();
  ASSERT_FALSE(polls());
  places_.push_back(capacity_.take_queue_place(0).value());
  // when
  clock_.pass(milliseconds(500), milliseconds(50));
  one_place_comes_free();
  // then
  EXPECT_FALSE(polls());
  EXPECT_EQ(stream(), "open");
  // when
  places_.push_back(capacity_.take_queue_place(0).value());
  fill();
  clock_.pass(milliseconds(500), milliseconds(50));
  one_place_comes_free();
  // then
  EXPECT_TRUE(polls());
  EXPECT_EQ(stream(), "paused");
}

TEST_F(JobSubscriptionFullOfPushedJobs, PlaceOfAPollThatDoesNotBeginIsReturned) {
  // given
  places_.pop_back();
  subscription_->capacity_came_free();
  // when
  subscription_->stop();
  clock_.run();
  // then
  EXPECT_EQ(gateway_.count(poll_call), 0U);
  EXPECT_EQ(capacity_.free_queue_places(), 1U);
}

}  // namespace
}  // namespace worker::jobs
