// Which durable executions are stopped when a job that went back does not return.
#include "worker/jobs/execution_watch.h"

#include "tests/unit/worker/jobs/fake_service.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ExecutionWatch : public jobs_fixture {
 protected:
  void SetUp() override {
    boost::asio::co_spawn(loop_, watch_.run(), [this](std::exception_ptr bug) {
      EXPECT_FALSE(bug);
      ended_ = true;
    });
    clock_.run();
  }
  void TearDown() override {
    watch_.stop();
    gateway_.end_all(says::ok);
    clock_.pass(seconds(10), milliseconds(100));
    EXPECT_TRUE(ended_);
    jobs_fixture::TearDown();
  }

  void leave(engine::job_key of, milliseconds interval = seconds(60)) {
    watched_execution watched;
    watched.element_instance_key = 100 + of;
    watched.stopping.job.job_key = std::to_string(of);
    watched.poll_interval = interval;
    watch_.job_left(of, std::move(watched));
  }
  std::size_t asked() const { return gateway_.count("SetVariables"); }

  fake_service service_{loop_.get_executor()};
  secrets::redaction_registry redaction_;
  execution_watch watch_{loop_.get_executor(), {gateway_, service_, redaction_}};
  bool ended_ = false;
};

TEST_F(ExecutionWatch, OfATaskThatIsGoneIsStopped) {
  gateway_.answer("SetVariables", {says::gone});
  leave(key);
  clock_.pass(seconds(64), milliseconds(100));
  EXPECT_EQ(asked(), 0U);
  EXPECT_THAT(service_.called, IsEmpty());
  clock_.pass(seconds(3), milliseconds(100));
  EXPECT_THAT(gateway_.calls("SetVariables"), ElementsAre("SetVariables 107 {}"));
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(watch_.size(), 0U);
}

TEST_F(ExecutionWatch, OfAJobThatCameBackIsNotAskedAbout) {
  leave(key);
  clock_.pass(seconds(60), milliseconds(100));
  watch_.job_came(key);
  clock_.pass(minutes(10), seconds(1));
  EXPECT_EQ(asked(), 0U);
}

TEST_F(ExecutionWatch, OfAJobThatComesBackWhileTheEngineIsAskedIsKept) {
  gateway_.leave_open("SetVariables");
  leave(key);
  clock_.pass(seconds(70), milliseconds(100));
  ASSERT_EQ(asked(), 1U);
  watch_.job_came(key);
  gateway_.end_open("SetVariables", says::gone);
  clock_.run();
  EXPECT_THAT(service_.called, IsEmpty());
}

TEST_F(ExecutionWatch, OfATaskThatIsThereIsAskedAboutThreeTimes) {
  leave(key);
  clock_.pass(minutes(30), seconds(1));
  EXPECT_EQ(asked(), 3U);
  EXPECT_EQ(watch_.size(), 0U);
  EXPECT_THAT(service_.called, IsEmpty());
}

TEST_F(ExecutionWatch, WithoutAnAnswerOrPermissionNothingIsStopped) {
  for (const auto& answer : {says::lost, says::busy, says::not_active, says::refused,
                             engine::status{engine::status_code::permission_denied, "no"}}) {
    gateway_.answer("SetVariables", {answer});
    leave(key);
    clock_.pass(minutes(30), seconds(1));
    EXPECT_THAT(service_.called, IsEmpty());
    EXPECT_EQ(watch_.size(), 0U);
  }
}

TEST_F(ExecutionWatch, IsBoundedInNumberAndAsksTenASecond) {
  for (engine::job_key of = 1; of <= 1500; ++of) leave(of);
  EXPECT_EQ(watch_.size(), 1000U);
  clock_.pass(seconds(66), seconds(1));
  const auto before = asked();
  clock_.pass(seconds(10), milliseconds(10));
  EXPECT_LE(asked() - before, 101U);
  EXPECT_GE(asked() - before, 90U);
}

TEST_F(ExecutionWatch, ForgetsAllWhenTheWorkerStops) {
  leave(key);
  watch_.stop();
  leave(8);
  EXPECT_EQ(watch_.size(), 0U);
  clock_.pass(minutes(5), seconds(1));
  EXPECT_EQ(asked(), 0U);
}

}  // namespace
}  // namespace worker::jobs
