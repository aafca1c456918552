#include "worker/config/machine.h"

#include <gtest/gtest.h>

namespace worker::config {
namespace {

constexpr std::uint64_t mega = 1024 * 1024;

TEST(Machine, ReadsTheMemoryLimitOfBothCgroupVersions) {
  EXPECT_EQ(memory_limit_of("134217728\n"), 128 * mega);
  EXPECT_FALSE(memory_limit_of("max\n"));
  EXPECT_FALSE(memory_limit_of("9223372036854771712\n"));
  EXPECT_FALSE(memory_limit_of(""));
  EXPECT_FALSE(memory_limit_of("12x"));
  EXPECT_FALSE(memory_limit_of("0"));
}

TEST(Machine, TakesAQuarterOfASmallContainer) {
  EXPECT_EQ(default_byte_budget(std::nullopt), 64 * mega);
  EXPECT_EQ(default_byte_budget(1024 * mega), 64 * mega);
  EXPECT_EQ(default_byte_budget(128 * mega), 32 * mega);
  EXPECT_EQ(default_byte_budget(2 * mega), mega);
}

}  // namespace
}  // namespace worker::config
