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
  for (const auto* same :
       {"2026-11-21t02:08:01z", "20261121T020801Z", "20261121t020801z", "2026-11-21 02:08:01Z",
        "2026-11-21T02:08:01+0000", "2026-11-21T02:08:01+00", "2026-11-21T02:08:01-00:00",
        "20261121T043801+0230", "20261120T210801-05", "2026-11-21T04:08:01.000+0200",
        "20261121T020801,000Z", "20261121T020801.000000000Z"}) {
    EXPECT_EQ(parse_timestamp(same), plain) << same;
  }
  for (const auto* same :
       {"2026-11-21T02:08Z", "20261121T0208Z", "20261121T0208+00", "2026-11-21T03:08+01:00"}) {
    EXPECT_EQ(parse_timestamp(same), *plain - 1s) << same;
  }
  EXPECT_EQ(parse_timestamp("2026-11-20T24:00:00Z"), parse_timestamp("2026-11-21T00:00:00Z"));
  EXPECT_EQ(timestamp_text(*plain + 999ms), "2026-11-21T02:08:01Z");
}

// As helpers write "never". The clock ends in the year 2262.
TEST(Timestamp, ADistantYearCountsAsTheLatest) {
  EXPECT_EQ(timestamp_text(parse_timestamp("9999-12-31T23:59:59Z").value()),
            "2200-12-31T00:00:00Z");
  EXPECT_EQ(timestamp_text(parse_timestamp("2200-12-31T23:59:59Z").value()),
            "2200-12-31T23:59:59Z");
}

TEST(Timestamp, OtherTextsAreRefused) {
  for (const auto* text : {"",
                           "2026",
                           "2026-11-21",
                           "2026-11-21T02:08:01",
                           "2026-13-21T02:08:01Z",
                           "2026-02-30T02:08:01Z",
                           "2026-11-21T24:08:01Z",
                           "2026-11-21T02:60:01Z",
                           "2026-11-21T02:08:61Z",
                           "2026-11-21T02:08:01.Z",
                           "2026-11-21T02:08:01Zx",
                           "1969-11-21T02:08:01Z",
                           "9999-02-30T02:08:01Z",
                           "2026-11-21T24:00:01Z",
                           "2026-11-21T02:08:Z",
                           "2026-11-21T02Z",
                           "2026-11-21T02:08.5Z",
                           "2026-11-21T02:08:01+99:00",
                           "2026-11-21T02:08:01.0000000000000000000Z",
                           " 2026-11-21T02:08:01Z",
                           "2026-1-21T02:08:01Z",
                           "-026-11-21T02:08:01Z",
                           "never",
                           "2026-1121T02:08:01Z",
                           "202611-21T02:08:01Z",
                           "2026-11-21T02:0801Z",
                           "2026-11-21T0208:01Z",
                           "2026-11-21T02:08:01+0",
                           "2026-11-21T02:08:01+000",
                           "2026-11-21T02:08:01+00:",
                           "2026-11-21T02:08:01+00:0",
                           "2026-11-21T02:08:01+",
                           "2026-11-21T02:08:01+00000",
                           "2026-11-21T02:08:01ZZ",
                           "2026-11-21T02:08:01Z+00",
                           "20261121T020801",
                           "2026112T020801Z",
                           "+026-11-21T02:08:01Z"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

}  // namespace
}  // namespace connector
