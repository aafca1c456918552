// Jobs that wait for a limit of the operator: their slot, their marker, and how they go back.
#include "tests/unit/worker/jobs/job_executor_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

using JobExecutor = job_executor_fixture;

TEST_F(JobExecutor, AJobThatWaitsForItsTurnKeepsNoSlotAndTakesOneToCall) {
  // given
  service_.limit = true;
  const auto slots = capacity_.free_slots();
  const auto end = run(callable());
  EXPECT_EQ(capacity_.free_slots(), slots);
  EXPECT_EQ(waits_.size(), 1U);
  // when
  service_.leave_open = true;
  service_.let_begin();
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(capacity_.free_slots(), slots - 1);
  EXPECT_EQ(waits_.size(), 0U);
  service_.end_open();
  clock_.run();
  EXPECT_EQ(*end, job_end::completed);
}

TEST_F(JobExecutor, AJobWhoseTurnHasComeWaitsForASlotThatIsFree) {
  // given
  service_.limit = true;
  const auto end = run(callable());
  std::vector<capacity::permit> others;
  while (auto slot = capacity_.take_slot(0)) others.push_back(*std::move(slot));
  // when
  service_.let_begin();
  clock_.run();
  EXPECT_THAT(service_.called, IsEmpty());
  waits_.serve();
  clock_.run();
  EXPECT_THAT(service_.called, IsEmpty());
  others.pop_back();
  waits_.serve();
  clock_.run();
  // then
  EXPECT_THAT(service_.called, ElementsAre("7"));
  EXPECT_EQ(*end, job_end::completed);
}

TEST_F(JobExecutor, AJobOverALimitGoesBackAsItCameAndTheMessageIsNoError) {
  // given
  service_.outcome = fake_service::postponed();
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=20000 WAITING: "));
}

TEST_F(JobExecutor, NoJobWaitsForItsTurnWhileTheByteBudgetIsUsedUp) {
  // given
  service_.limit = true;
  const auto bytes = capacity_.charge_bytes(2 << 20);
  // when
  const auto end = run(callable());
  // then
  EXPECT_EQ(*end, job_end::released);
  EXPECT_THAT(only_failure(), StartsWith("FailJob 7 retries=3 backOff=20000 WAITING: "));
}

TEST_F(JobExecutor, TheMarkerIsWrittenWhenTheTurnHasCome) {
  // given
  service_.limit = true;
  const auto end = run(callable(key, at_most_once));
  EXPECT_THAT(gateway_.calls(), IsEmpty());
  // when
  service_.let_begin();
  clock_.run();
  // then
  EXPECT_THAT(names(), ElementsAre("SetVariables", "CompleteJob"));
  EXPECT_EQ(*end, job_end::completed);
}

}  // namespace
}  // namespace worker::jobs
