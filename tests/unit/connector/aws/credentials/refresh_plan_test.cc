// When keys are renewed: times in, times out.
#include "connector/aws/credentials/refresh_plan.h"

#include <gtest/gtest.h>

namespace connector::aws {
namespace {

using namespace std::chrono_literals;

const boot_clock::time_point start{1'800'000'000s};

TEST(RefreshPlan, RenewsAQuarterOfAnHourAhead) {
  const auto plan = plan_refresh(start + 6h, start, 0.0);
  EXPECT_EQ(plan.renew_from, start + 6h - 15min);
  EXPECT_EQ(plan.use_until, start + 6h - 10s);
}

TEST(RefreshPlan, LeavesShortLivedKeysThreeQuartersOfTheirLife) {
  const auto plan = plan_refresh(start + 15min, start, 0.0);
  EXPECT_EQ(plan.renew_from, start + 15min - 225s);
  const auto tiny = plan_refresh(start + 20s, start, 0.0);
  EXPECT_EQ(tiny.renew_from, start + 15s);
  EXPECT_EQ(tiny.use_until, start + 18s);
}

TEST(RefreshPlan, SpreadsManyWorkers) {
  const auto late = plan_refresh(start + 6h, start, 0.999).renew_from;
  EXPECT_GT(late, start + 6h - 15min + 170s);
  EXPECT_LE(late, start + 6h - 12min);
}

TEST(RefreshPlan, NeverRenewsKeysWithoutAnEnd) {
  const auto plan = plan_refresh(std::nullopt, start, 0.5);
  EXPECT_EQ(step_at(plan, start + 24h * 3650), refresh_step::use);
}

TEST(RefreshPlan, TakesKeysThatExpiredAlreadyForDead) {
  EXPECT_EQ(step_at(plan_refresh(start - 1h, start, 0.5), start), refresh_step::wait);
  EXPECT_EQ(step_at(plan_refresh(start, start, 0.5), start), refresh_step::wait);
}

TEST(RefreshPlan, GoesThroughItsThreeSteps) {
  const auto plan = plan_refresh(start + 1h, start, 0.0);
  EXPECT_EQ(step_at(plan, start), refresh_step::use);
  EXPECT_EQ(step_at(plan, start + 45min - 1s), refresh_step::use);
  EXPECT_EQ(step_at(plan, start + 45min), refresh_step::use_and_renew);
  EXPECT_EQ(step_at(plan, start + 1h - 11s), refresh_step::use_and_renew);
  EXPECT_EQ(step_at(plan, start + 1h - 10s), refresh_step::wait);
}

TEST(RefreshPlan, PausesLongerAfterEveryFailure) {
  EXPECT_EQ(pause_after(1, 0.0), 500ms);
  EXPECT_EQ(pause_after(1, 0.999), 999ms);
  EXPECT_EQ(pause_after(2, 0.0), 1000ms);
  EXPECT_EQ(pause_after(5, 0.0), 8000ms);
  EXPECT_EQ(pause_after(6, 0.0), 15'000ms);
  EXPECT_EQ(pause_after(1000, 0.0), 15'000ms);
  EXPECT_LE(pause_after(1000, 0.999), 30'000ms);
}

}  // namespace
}  // namespace connector::aws
