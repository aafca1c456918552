// Points in time as services write them.
#include "connector/base/timestamp.h"

#include <gtest/gtest.h>

namespace connector {
namespace {

using namespace std::chrono_literals;

TEST(Timestamp, IsReadInEveryFormThatServicesUse) {
  const auto plain = parse_timestamp("2026-11-21T02:08:01Z");
  ASSERT_TRUE(plain);
  EXPECT_EQ(wall_clock::to_time_t(*plain), 1795226881);
  EXPECT_EQ(*parse_timestamp("2026-11-21T02:08:01.562520Z") - *plain, 562ms);
  EXPECT_EQ(*parse_timestamp("2026-11-21T02:08:01.5Z") - *plain, 500ms);
  EXPECT_EQ(*parse_timestamp("2026-11-21t04:38:01+02:30"), *plain);
  EXPECT_EQ(*parse_timestamp("2026-11-20T21:08:01-05:00"), *plain);
  EXPECT_EQ(timestamp_text(*plain + 999ms), "2026-11-21T02:08:01Z");
}

TEST(Timestamp, IsRefusedWhenItIsNone) {
  for (const auto* text :
       {"", "2026", "2026-11-21", "2026-11-21T02:08:01", "2026-13-21T02:08:01Z",
        "2026-02-30T02:08:01Z", "2026-11-21T24:08:01Z", "2026-11-21T02:60:01Z",
        "2026-11-21T02:08:61Z", "2026-11-21T02:08:01.Z", "2026-11-21T02:08:01Zx",
        "1969-11-21T02:08:01Z", "9999-11-21T02:08:01Z", "2026-11-21T02:08:01+99:00",
        "2026-11-21T02:08:01.0000000000000000000Z", " 2026-11-21T02:08:01Z", "2026-1-21T02:08:01Z",
        "-026-11-21T02:08:01Z", "never"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace connector
