#include "worker/engine/engine_version.h"

#include <gtest/gtest.h>

namespace worker::engine {
namespace {

TEST(EngineVersion, IsReadFromWhatGatewaysSay) {
  EXPECT_EQ(read_version("8.10.2"), (engine_version{8, 10}));
  EXPECT_EQ(read_version("8.9.0-rc1"), (engine_version{8, 9}));
  EXPECT_EQ(read_version("8.11-SNAPSHOT"), (engine_version{8, 11}));
  EXPECT_EQ(read_version("9.0"), (engine_version{9, 0}));
  for (const char* none : {"", "8", "8.", ".10", "8.x", "v8.10", "development", "8.-1"}) {
    EXPECT_FALSE(read_version(none)) << none;
  }
}

// Ten is more than nine, though "8.10" is less text.
TEST(EngineVersion, IsComparedByNumber) {
  EXPECT_LT(*read_version("8.9.17"), version_of_leases);
  EXPECT_GE(*read_version("8.10.0"), version_of_leases);
  EXPECT_GE(*read_version("9.0.0"), version_of_leases);
}

}  // namespace
}  // namespace worker::engine
