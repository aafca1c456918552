#include "worker/engine/library_log.h"

#include <gmock/gmock.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>

#include <thread>

#include "connector/base/json.h"
#include "connector/base/log.h"

namespace worker::engine {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

connector::boot_clock::time_point at_second(seconds when) {
  return connector::boot_clock::time_point(when);
}

TEST(LogRateLimit, OnePlaceIsHeardEveryHalfMinute) {
  log_rate_limit limit;
  EXPECT_EQ(limit.admit("a.cc:1", at_second(seconds(0))), 0U);
  EXPECT_EQ(limit.admit("a.cc:1", at_second(seconds(1))), std::nullopt);
  EXPECT_EQ(limit.admit("a.cc:1", at_second(seconds(29))), std::nullopt);
  EXPECT_EQ(limit.admit("a.cc:2", at_second(seconds(29))), 0U);
  EXPECT_EQ(limit.admit("a.cc:1", at_second(seconds(30))), 2U);
  EXPECT_EQ(limit.admit("a.cc:1", at_second(seconds(61))), 0U);
}

// Writes to this process' own stdout and stderr, as a process of its own under ctest.
TEST(LibraryLog, AreLinesOfOurLogAndNothingIsPrintedBesides) {
  connector::log::set_up(connector::log::level::info, connector::log::format::json);
  capture_library_log();
  grpc_init();  // which reads what is to be logged; before it nothing is
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  std::thread other([] {
    for (int i = 0; i < 200; ++i) gpr_log(GPR_ERROR, "handshake \"%d\"\nfailed", 7);
  });
  other.join();
  GOOGLE_LOG(ERROR) << "no UTF-8";
  write_library_log();
  connector::log::shut_down();
  const auto out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(out,
              HasSubstr(R"("level":"warning","message":"gRPC says: handshake \"7\"\nfailed")"));
  EXPECT_THAT(out, HasSubstr("library_log_test.cc:"));
  EXPECT_THAT(out, HasSubstr("protobuf says: no UTF-8"));
  EXPECT_THAT(out, HasSubstr("came faster"));
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3) << out;
}

}  // namespace
}  // namespace worker::engine
