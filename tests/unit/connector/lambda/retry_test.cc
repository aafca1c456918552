#include "connector/lambda/retry.h"

#include <gtest/gtest.h>

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

error failed(failure_class failure, milliseconds asked = 0ms) {
  error e;
  e.code = error_code::service_error;
  e.failure = failure;
  e.retry_after = asked;
  return e;
}

std::optional<milliseconds> delay(const error& last, int done, milliseconds left = 900s,
                                  double random = 0.5) {
  return delay_before_next(last, done, left, retry_limits{}, [random] { return random; });
}

TEST(Retry, IsOnlyForWhatDidNotRun) {
  EXPECT_TRUE(delay(failed(failure_class::not_started), 1));
  EXPECT_TRUE(delay(failed(failure_class::throttled), 1));
  EXPECT_FALSE(delay(failed(failure_class::permanent), 1));
  EXPECT_FALSE(delay(failed(failure_class::ambiguous), 1));
}

TEST(Retry, LeavesCredentialsAndCancelledCallsAlone) {
  auto e = failed(failure_class::not_started);
  e.code = error_code::credentials_error;
  EXPECT_FALSE(delay(e, 1));
  e.code = error_code::cancelled;
  EXPECT_FALSE(delay(e, 1));
}

TEST(Retry, EndsAfterFourAttempts) {
  EXPECT_TRUE(delay(failed(failure_class::not_started), 3));
  EXPECT_FALSE(delay(failed(failure_class::not_started), 4));
  EXPECT_FALSE(delay(failed(failure_class::not_started), 5));
}

TEST(Retry, WaitsLongerEachTimeAndLongestWhenThrottled) {
  EXPECT_EQ(delay(failed(failure_class::not_started), 1), 25ms);
  EXPECT_EQ(delay(failed(failure_class::not_started), 2), 50ms);
  EXPECT_EQ(delay(failed(failure_class::not_started), 3), 100ms);
  EXPECT_EQ(delay(failed(failure_class::throttled), 1), 500ms);
  EXPECT_EQ(delay(failed(failure_class::throttled), 2), 1000ms);
  EXPECT_EQ(delay(failed(failure_class::throttled), 3), 2000ms);
  EXPECT_EQ(delay(failed(failure_class::throttled), 1, 900s, 0.0), 0ms);
}

TEST(Retry, WaitsAtLeastWhatTheServiceAsksFor) {
  EXPECT_EQ(delay(failed(failure_class::throttled, 7s), 1), 7s);
  EXPECT_EQ(delay(failed(failure_class::throttled, 100ms), 1), 500ms);
  EXPECT_EQ(delay(failed(failure_class::throttled, 20s), 1), 20s);
  // Longer than a slot is worth: the engine keeps the job meanwhile.
  EXPECT_FALSE(delay(failed(failure_class::throttled, 21s), 1));
}

TEST(Retry, StaysWithinTheCallsTime) {
  EXPECT_FALSE(delay(failed(failure_class::throttled), 1, 500ms));
  EXPECT_EQ(delay(failed(failure_class::throttled), 1, 501ms), 500ms);
  EXPECT_FALSE(delay(failed(failure_class::not_started), 1, 0ms));
}

}  // namespace
}  // namespace connector::lambda
