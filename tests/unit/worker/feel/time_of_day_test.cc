#include "worker/feel/time_of_day.h"

#include <gtest/gtest.h>

#include <string>

namespace worker::feel {
namespace {

local_time local(std::string_view text) { return parse_local_time(text).value(); }
zoned_time zoned(std::string_view text) { return parse_zoned_time(text).value(); }

std::string read(std::string_view text) {
  const auto time = parse_local_time(text);
  return time ? to_text(*time) : "none";
}

// "string() | variable | to json", or "none".
std::string read_zoned(std::string_view text) {
  const auto time = parse_zoned_time(text);
  if (!time) return "none";
  return to_text(*time) + " | " + to_json_text(*time) + " | " + to_iso_text(*time);
}

TEST(TimeOfDay, LocalTimesAreReadWithAndWithoutSeconds) {
  EXPECT_EQ(read("10:30"), "10:30:00");
  EXPECT_EQ(read("T10:30:05"), "10:30:05");
  EXPECT_EQ(read("10:30:00.1200"), "10:30:00.12");
  EXPECT_EQ(read("10:30:00.123456789"), "10:30:00.123456789");
  EXPECT_EQ(read("10:30:00."), "10:30:00");
  EXPECT_EQ(read("24:00"), "00:00:00");
}

TEST(TimeOfDay, WhatIsNoLocalTimeIsNone) {
  for (const auto* const text :
       {"", "T", "10", "1:00", "10:3", "10:30:0", "23:59:60", "24:00:01", "10:60", "10:30.5",
        "10:30:00.1234567890", "10:30:00Z", "10:30 ", "103000"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

TEST(TimeOfDay, OffsetsAndZonesHaveThreeTexts) {
  EXPECT_EQ(read_zoned("10:00:00+01:00"), "10:00:00+01:00 | 10:00+01:00 | 10:00:00+01:00");
  EXPECT_EQ(read_zoned("T10:00:05Z"), "10:00:05Z | 10:00:05Z | 10:00:05Z");
  EXPECT_EQ(read_zoned("10:00:00.5-05:30"),
            "10:00:00.5-05:30 | 10:00:00.500-05:30 | 10:00:00.5-05:30");
  EXPECT_EQ(read_zoned("10:00:00.1234Z"), "10:00:00.1234Z | 10:00:00.123400Z | 10:00:00.1234Z");
  EXPECT_EQ(read_zoned("24:00:00Z"), "00:00:00Z | 00:00Z | 00:00:00Z");
  EXPECT_EQ(read_zoned("10:00:00@UTC"), "10:00:00@UTC | 10:00Z | 10:00:00Z");
  EXPECT_EQ(read_zoned("10:00:00@+02:00"), "10:00:00+02:00 | 10:00+02:00 | 10:00:00+02:00");
}

TEST(TimeOfDay, AZoneCountsWithItsOffsetOutsideOfSummer) {
  EXPECT_EQ(read_zoned("10:00:00@Europe/Berlin"),
            "10:00:00@Europe/Berlin | 10:00+01:00 | 10:00:00+01:00");
  EXPECT_EQ(zoned("10:00:00@America/New_York").offset_seconds, -5 * 3600);
  EXPECT_EQ(zoned("10:00:00@Asia/Kolkata").offset_seconds, 19'800);
  // tzdata calls the Irish winter the exception, java.time the summer.
  EXPECT_EQ(zoned("10:00:00@Europe/Dublin").offset_seconds, 0);
  EXPECT_EQ(zoned("10:00:00@Australia/Sydney").offset_seconds, 10 * 3600);
}

TEST(TimeOfDay, WhatIsNoZonedTimeIsNone) {
  for (const auto* const text :
       {"", "10:00Z", "10:00:00", "10:00:00+01", "10:00:00+0100", "10:00:00+19:00",
        "10:00:00+01:60", "10:00:00@", "10:00:00@Foo/Bar", "10:00:00@europe/berlin",
        "10:00:00+01:00@Europe/Paris", "10:00:00+01:00[Europe/Paris]", "25:00:00Z"}) {
    EXPECT_EQ(read_zoned(text), "none") << text;
  }
}

TEST(TimeOfDay, ArithmeticGoesRoundTheClock) {
  EXPECT_EQ(to_text(plus(local("10:00:00"), {15 * 3600, 0})), "01:00:00");
  EXPECT_EQ(to_text(minus(local("00:00:00"), {0, 1})), "23:59:59.999999999");
  EXPECT_EQ(to_text(plus(local("10:00:00"), {INT64_MAX, 999'999'999})), "01:30:07.999999999");
  EXPECT_EQ(to_text(plus(local("10:00:00"), {INT64_MIN, 0})), "18:29:52");
  EXPECT_EQ(minus(local("10:00:00"), local("08:30:00.5")),
            (days_time_duration{5'399, 500'000'000}));
  EXPECT_EQ(minus(local("08:00:00"), local("08:00:00.5")), (days_time_duration{-1, 500'000'000}));
  EXPECT_EQ(to_text(plus(zoned("23:00:00+02:00"), {7'200, 0})), "01:00:00+02:00");
  EXPECT_EQ(minus(zoned("10:00:00Z"), zoned("10:00:00+02:00")), (days_time_duration{7'200, 0}));
  EXPECT_EQ(minus(zoned("10:00:00+02:00"), zoned("10:00:00Z")), (days_time_duration{7'200, 0}));
}

TEST(TimeOfDay, OrderIsByMomentAndEqualityByText) {
  EXPECT_EQ(compare(zoned("10:00:00Z"), zoned("12:00:00+02:00")), 0);
  EXPECT_FALSE(equal(zoned("10:00:00Z"), zoned("12:00:00+02:00")));
  EXPECT_LT(compare(zoned("10:00:00+01:00"), zoned("10:00:00Z")), 0);
  EXPECT_TRUE(equal(zoned("10:00:00Z"), zoned("T10:00:00+00:00")));
  EXPECT_FALSE(equal(zoned("10:00:00Z"), zoned("10:00:00@UTC")));
}

TEST(TimeOfDay, NumbersThatAreNoTimeAreNone) {
  EXPECT_EQ(to_text(time_of(10, 30, 15, 250'000'000).value()), "10:30:15.25");
  EXPECT_EQ(time_of(24, 0, 0), std::nullopt);
  EXPECT_EQ(time_of(10, -1, 0), std::nullopt);
  EXPECT_EQ(with_offset({}, 64'801), std::nullopt);
  EXPECT_EQ(with_offset({}, -64'800)->offset_seconds, -64'800);
}

}  // namespace
}  // namespace worker::feel
