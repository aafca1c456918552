#include "connector/lambda/retry_budget.h"

#include <gtest/gtest.h>

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;

constexpr auto throttled = failure_class::throttled;
constexpr auto not_started = failure_class::not_started;
const auto begin = boot_clock::time_point(1000h);

int affordable(retry_budget& budget, const std::string& function, failure_class failure,
               boot_clock::time_point now = begin) {
  int count = 0;
  while (count < 10'000 && budget.take(function, failure, now)) ++count;
  return count;
}

TEST(RetryBudget, FurtherAttemptsCostUntilItIsEmpty) {
  retry_budget budget;
  EXPECT_EQ(affordable(budget, "f", throttled), 500);
  EXPECT_EQ(affordable(budget, "g", not_started), 35);
}

TEST(RetryBudget, EachFunctionHasItsOwn) {
  retry_budget budget;
  affordable(budget, "f", throttled);
  EXPECT_FALSE(budget.take("f", throttled, begin));
  EXPECT_TRUE(budget.take("g", throttled, begin));
}

TEST(RetryBudget, SuccessAfterARetryGivesItsCostBack) {
  retry_budget budget;
  affordable(budget, "f", not_started);
  budget.worked("f", not_started, begin);
  EXPECT_EQ(affordable(budget, "f", not_started), 1);
  for (int i = 0; i < 14; ++i) budget.worked("f", std::nullopt, begin);
  EXPECT_EQ(affordable(budget, "f", not_started), 1);
}

TEST(RetryBudget, ComesBackWithTimeAndNotAboveItsCapacity) {
  retry_budget budget;
  affordable(budget, "f", throttled);
  EXPECT_EQ(affordable(budget, "f", throttled, begin + 50s), 50);
  EXPECT_EQ(affordable(budget, "f", throttled, begin + 24h), 500);
}

TEST(RetryBudget, FunctionsWithoutEndAreBounded) {
  budget_limits limits;
  limits.functions = 10;
  retry_budget budget(limits);
  for (int i = 0; i < 1000; ++i) budget.take("f" + std::to_string(i), not_started, begin);
  EXPECT_LE(budget.size(), 11U);
  // Those that found no place share one.
  EXPECT_FALSE(budget.take("another", not_started, begin));
  // Full ones make room.
  EXPECT_TRUE(budget.take("another", not_started, begin + 24h));
  EXPECT_LE(budget.size(), 11U);
}

TEST(RetryBudget, AFullOneIsNotKept) {
  retry_budget budget;
  budget.take("f", throttled, begin);
  EXPECT_EQ(budget.size(), 1U);
  budget.worked("f", throttled, begin);
  EXPECT_EQ(budget.size(), 0U);
  budget.worked("unknown", std::nullopt, begin);
  EXPECT_EQ(budget.size(), 0U);
}

}  // namespace
}  // namespace connector::lambda
