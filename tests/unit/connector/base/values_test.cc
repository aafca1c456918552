// Secrets, errors and backoff: the small values of base.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <sstream>
#include <string>

#include "connector/base/backoff.h"
#include "connector/base/clock.h"
#include "connector/base/error.h"
#include "connector/base/result.h"
#include "connector/base/secret.h"

namespace connector {
namespace {

using namespace std::chrono_literals;

TEST(SecretString, NeverPrintsItself) {
  const secret_string secret{"hunter2"};
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(fmt::format("{}", secret), "***");
  EXPECT_EQ(secret.reveal(), "hunter2");
}

// Short strings live inside the object, long ones outside: both must be wiped.
TEST(SecretString, WipesWhatItIsTakenFrom) {
  for (const std::size_t length : {7U, 100U}) {
    std::string from(length, 'x');
    const char* const bytes = from.data();
    const auto secret = secret_string::take(from);
    EXPECT_EQ(secret.reveal(), std::string(length, 'x'));
    EXPECT_TRUE(from.empty());
    EXPECT_EQ(std::string(bytes, length), std::string(length, '\0'));
  }
}

TEST(SecretString, LeavesNothingBehindWhenMoved) {
  for (const std::size_t length : {7U, 100U}) {
    secret_string from{std::string(length, 'x')};
    const secret_string to = std::move(from);
    EXPECT_EQ(to.reveal().size(), length);
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): just that is promised
    secret_string third;
    secret_string copy = to;
    third = std::move(copy);
    EXPECT_EQ(third, to);
    EXPECT_TRUE(copy.empty());  // NOLINT(bugprone-use-after-move)
  }
}

// A string that was shortened to nothing may still hold what it was.
TEST(SecretString, EmptyOneHoldsNothingOfBefore) {
  std::string from(100, 'x');
  const char* const bytes = from.data();
  from.clear();
  const secret_string secret{std::move(from)};
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(std::string(bytes, 100), std::string(100, '\0'));
}

TEST(SecretString, SurvivesAssignmentToItself) {
  secret_string secret{"hunter2"};
  const auto& same = secret;
  secret = same;
  EXPECT_EQ(secret.reveal(), "hunter2");
}

TEST(Wipe, OverwritesTheWholeCapacity) {
  std::string text = "a secret that is longer than the short form";
  text.resize(3);  // the rest of the bytes is still there
  const char* const bytes = text.data();
  wipe(text);
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(std::string(bytes, 43), std::string(43, '\0'));
}

TEST(ErrorCodes, HaveDistinctNames) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(error_code::cancelled); ++code) {
    const auto name = name_of(static_cast<error_code>(code));
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(name_of(error_code::missing_input), "MISSING_INPUT");
  EXPECT_EQ(name_of(error_code::gateway_timeout), "GATEWAY_TIMEOUT");
  EXPECT_EQ(name_of(error_code::too_many_requests), "TOO_MANY_REQUESTS");
  EXPECT_EQ(name_of(error_code::cancelled), "CANCELLED");
}

TEST(Result, OfAFailureThrowsWhenTakenForAValue) {
  const result<int> failed = bad_input("no");
  EXPECT_THROW(static_cast<void>(failed.value()), std::logic_error);
  EXPECT_EQ(failed.error().code, error_code::invalid_input);
  EXPECT_EQ(failed.error().failure, failure_class::permanent);
}

TEST(Backoff, DoublesUpToItsLimit) {
  const backoff_limits limits{50ms, 1000ms};
  EXPECT_EQ(backoff_ceiling(limits, 0), 50ms);
  EXPECT_EQ(backoff_ceiling(limits, 1), 100ms);
  EXPECT_EQ(backoff_ceiling(limits, 4), 800ms);
  EXPECT_EQ(backoff_ceiling(limits, 5), 1000ms);
  EXPECT_EQ(backoff_ceiling(limits, 1'000'000), 1000ms);
}

TEST(Backoff, IsSpreadOverTheWholeRange) {
  const backoff_limits limits{100ms, 1000ms};
  EXPECT_EQ(full_jitter(limits, 1, [] { return 0.0; }), 0ms);
  EXPECT_EQ(full_jitter(limits, 1, [] { return 0.5; }), 100ms);
  EXPECT_EQ(full_jitter(limits, 9, [] { return 0.999; }), 999ms);
  const auto random = system_random();
  for (int i = 0; i < 1000; ++i) {
    const double number = random();
    EXPECT_GE(number, 0.0);
    EXPECT_LT(number, 1.0);
  }
}

TEST(Backoff, EqualJitterIsAtLeastHalfOfTheCeiling) {
  EXPECT_EQ(equal_jitter(1000ms, [] { return 0.0; }), 500ms);
  EXPECT_EQ(equal_jitter(1000ms, [] { return 0.5; }), 750ms);
  EXPECT_EQ(equal_jitter(1000ms, [] { return 0.999; }), 999ms);
}

TEST(LeftUntil, IsNeverNegative) {
  const auto now = boot_clock::now();
  EXPECT_EQ(left_until(now + 5s, now), 5s);
  EXPECT_EQ(left_until(now - 5s, now), 0s);
}

}  // namespace
}  // namespace connector
