// The names of durable executions, and who watches an execution while its job is away.
#include "tests/unit/worker/jobs/job_executor_fixture.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using JobExecutor = job_executor_fixture;

const std::map<std::string, std::string> durable{{"durable", "true"}};

TEST_F(JobExecutor, ADurableNameIsOfTheClusterAndAskedForOnce) {
  gateway_.cluster_id = "a";
  run(callable(1, durable));
  run(callable(2, durable));
  EXPECT_EQ(gateway_.count("Topology"), 1U);
  EXPECT_THAT(service_.durable_names,
              ElementsAre("job-af63dc4c8601ec8c-1", "job-af63dc4c8601ec8c-2"));
}

TEST_F(JobExecutor, ADurableNameOfAnEngineThatTellsNoClusterIsPlain) {
  run(callable(1, durable));
  EXPECT_THAT(service_.durable_names, ElementsAre("job-1"));
}

TEST_F(JobExecutor, ADurableNameWithAPrefixOfItsOwnNeedsNoCluster) {
  run(callable(1, {{"durable", "true"}, {"durablePrefix", "shop"}}));
  EXPECT_EQ(gateway_.count("Topology"), 0U);
  EXPECT_THAT(service_.durable_names, ElementsAre("shop-1"));
}

TEST_F(JobExecutor, AJobKeepsTheNameThatItBeganWithWhenTheEngineTellsMoreLater) {
  // given: started before the engine told its cluster
  gateway_.cluster_id = "a";
  auto one = callable(1, durable);
  one.variables = R"({"lambdaExecution":{"jobKey":"1","prefix":"job"}})";
  // when
  run(std::move(one));
  // then
  EXPECT_THAT(service_.durable_names, ElementsAre("job-1"));
}

TEST_F(JobExecutor, AJobThatComesBackBringsItsNameAlong) {
  service_.outcome =
      fake_service::failed(error_code::service_error, failure_class::not_started, true);
  run(callable(key, durable));
  EXPECT_THAT(only_failure(), HasSubstr(R"("lambdaExecution":{"jobKey":"7","prefix":"job"})"));
}

TEST_F(JobExecutor, AJobThatIsHandedBackBringsItsNameAlong) {
  service_.leave_open = true;
  service_.outcome = fake_service::failed(error_code::cancelled, failure_class::not_started, false);
  const auto end = run(callable(key, durable));
  active_->stop();
  service_.end_open();
  clock_.run();
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(),
              AllOf(HasSubstr("retries=3 backOff=0 CANCELLED"), HasSubstr(R"("prefix":"job")")));
}

TEST_F(JobExecutor, ADurableJobIsNotStartedUnderAGuessedName) {
  gateway_.answer("Topology", {says::lost, says::ok});
  EXPECT_EQ(*run(callable(key, durable)), job_end::released);
  EXPECT_THAT(service_.called, IsEmpty());
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=1000 CANCELLED"));
  EXPECT_EQ(*run(callable(8, durable)), job_end::completed);
  EXPECT_THAT(service_.durable_names, ElementsAre("job-8"));
}

TEST_F(JobExecutor, APolledExecutionToBeStoppedIsWatchedWhileItsJobIsAway) {
  // given
  service_.outcome = {};
  service_.outcome.result = connector::unfinished{"arn:execution", "it is RUNNING"};
  service_.outcome.sent = true;
  const std::map<std::string, std::string> polled{{"durable", "true"}, {"wait", "poll"}};
  auto stopped = polled;
  stopped.emplace("onCancel", "stop");
  // when
  EXPECT_EQ(*run(callable(1, polled)), job_end::waiting);
  EXPECT_EQ(watch_.size(), 0U);
  EXPECT_EQ(*run(callable(2, stopped)), job_end::waiting);
  // then
  EXPECT_EQ(watch_.size(), 1U);
  // when
  service_.leave_open = true;
  const auto again = run(callable(2, stopped));
  // then
  EXPECT_EQ(watch_.size(), 0U);
  service_.end_open();
  clock_.run();
  EXPECT_EQ(watch_.size(), 1U);
}

}  // namespace
}  // namespace worker::jobs
