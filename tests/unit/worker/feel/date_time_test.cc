#include "worker/feel/date_time.h"

#include <gtest/gtest.h>

#include <string>

#include "worker/feel/calendar.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {
namespace {

local_date_time local(std::string_view text) {
  return parse_local_date_time(text, text_form::computed).value();
}
zoned_date_time zoned(std::string_view text) { return parse_zoned_date_time(text).value(); }

std::string read(std::string_view text, text_form form = text_form::computed) {
  const auto when = parse_local_date_time(text, form);
  return when ? to_text(*when) : "none";
}

// "string() | variable | to json", or "none".
std::string shown(const std::optional<zoned_date_time>& when) {
  if (!when) return "none";
  return to_text(*when) + " | " + to_json_text(*when) + " | " + to_iso_text(*when);
}

std::string text(const std::optional<zoned_date_time>& when) {
  return when ? to_json_text(*when) : "none";
}

TEST(DateTime, LocalOnesAreRead) {
  EXPECT_EQ(read("2024-01-01T10:00"), "2024-01-01T10:00:00");
  EXPECT_EQ(read("2024-01-01T10:00:00.500"), "2024-01-01T10:00:00.5");
  EXPECT_EQ(read("-0044-03-15T10:00:00"), "-0044-03-15T10:00:00");
  EXPECT_EQ(read("12024-01-01T10:00:00"), "12024-01-01T10:00:00");
  EXPECT_EQ(to_json_text(local("12024-01-01T10:00:00")), "+12024-01-01T10:00:00");
  EXPECT_EQ(read("2024-01-01T10:00:00.", text_form::literal), "2024-01-01T10:00:00");
}

TEST(DateTime, WhatIsNoLocalOneIsNone) {
  for (const auto* const wrong :
       {"", "2024-01-01", "2024-01-01T", "2024-01-01 10:00:00", "2024-01-01T24:00:00",
        "2024-01-01T10:00.5", "2024-01-01T10:00:00.", "2024-01-01TT10:00", "2024-02-30T10:00:00",
        "2024-01-01T10:00:00Z"}) {
    EXPECT_EQ(read(wrong), "none") << wrong;
  }
}

TEST(DateTime, ZonedOnesHaveThreeTexts) {
  EXPECT_EQ(shown(parse_zoned_date_time("2024-01-01T10:00:00Z")),
            "2024-01-01T10:00:00Z | 2024-01-01T10:00:00Z | 2024-01-01T10:00:00Z");
  EXPECT_EQ(shown(parse_zoned_date_time("2024-07-01T10:00:00@America/New_York")),
            "2024-07-01T10:00:00@America/New_York | 2024-07-01T10:00:00-04:00 | "
            "2024-07-01T10:00:00-04:00[America/New_York]");
  EXPECT_EQ(shown(parse_zoned_date_time("2024-01-01T10:00@UTC")),
            "2024-01-01T10:00:00@UTC | 2024-01-01T10:00:00Z | 2024-01-01T10:00:00Z[UTC]");
  EXPECT_EQ(text(parse_zoned_date_time("2024-01-01T10:00:00-00:00")), "2024-01-01T10:00:00Z");
}

TEST(DateTime, AnOffsetBeforeAZoneSaysTheMoment) {
  EXPECT_EQ(text(parse_zoned_date_time("2024-01-01T10:00:00+05:00[Europe/Berlin]")),
            "2024-01-01T06:00:00+01:00");
  EXPECT_EQ(text(parse_zoned_date_time("2024-10-27T02:30:00+01:00[Europe/Berlin]")),
            "2024-10-27T02:30:00+01:00");
}

TEST(DateTime, WhatIsNoZonedOneIsNone) {
  for (const auto* const wrong :
       {"", "2024-01-01T10:00:00", "2024-01-01T10:00:00+01", "2024-01-01T10:00:00+19:00",
        "2024-01-01T10:00:00@LMT", "2024-01-01T10:00:00@", "2024-01-01T10:00:00Z[]",
        "2024-01-01T10:00:00Z[Europe/Berlin", "2024-01-01T10:00:00[Europe/Berlin]",
        "2024-01-01T24:00:00Z", "2024-01-01T10:00:00+01:00@Europe/Berlin"}) {
    EXPECT_EQ(shown(parse_zoned_date_time(wrong)), "none") << wrong;
  }
}

TEST(DateTime, ADayIsTwentyFourHoursAcrossAClockChange) {
  const auto noon = zoned("2024-03-30T12:00:00@Europe/Berlin");
  EXPECT_EQ(text(plus(noon, days_time_duration{86'400, 0})), "2024-03-31T13:00:00+02:00");
  EXPECT_EQ(text(plus(noon, years_months_duration{1})), "2024-04-30T12:00:00+02:00");
  EXPECT_EQ(text(plus(zoned("2024-10-27T02:30:00@Europe/Berlin"), days_time_duration{3'600, 0})),
            "2024-10-27T02:30:00+01:00");
  EXPECT_EQ(text(plus(zoned("2024-11-27T02:30:00@Europe/Berlin"), years_months_duration{-1})),
            "2024-10-27T02:30:00+01:00");
  EXPECT_EQ(text(minus(zoned("2024-11-27T02:30:00@Europe/Berlin"), years_months_duration{1})),
            "2024-10-27T02:30:00+01:00");
}

TEST(DateTime, ArithmeticStaysInTheYears) {
  EXPECT_EQ(plus(local("999999999-12-31T23:59:59"), days_time_duration{1, 0}), std::nullopt);
  EXPECT_EQ(plus(local("2024-01-01T00:00:00"), days_time_duration{INT64_MAX, 0}), std::nullopt);
  EXPECT_EQ(minus(local("2024-01-01T00:00:00"), days_time_duration{INT64_MIN, 0}), std::nullopt);
  EXPECT_EQ(to_text(plus(local("2024-01-31T12:00:00"), years_months_duration{1}).value()),
            "2024-02-29T12:00:00");
  EXPECT_EQ(to_text(minus(local("2024-01-01T00:00:00"), days_time_duration{0, 1}).value()),
            "2023-12-31T23:59:59.999999999");
  EXPECT_EQ(minus(local("2024-01-01T10:00:00"), local("2024-01-01T08:30:00.5")),
            (days_time_duration{5'399, 500'000'000}));
  EXPECT_EQ(minus(zoned("2024-01-01T10:00:00Z"), zoned("2024-01-01T10:00:00+01:00")),
            (days_time_duration{3'600, 0}));
}

TEST(DateTime, MovingToAZoneKeepsTheMoment) {
  const zone tokyo = zone::of("Asia/Tokyo").value();
  EXPECT_EQ(text(moved_to(zoned("2024-03-15T10:30:00+01:00"), tokyo)), "2024-03-15T18:30:00+09:00");
  EXPECT_EQ(text(in_zone(local("2024-03-31T02:30:00"), zone::of("Europe/Berlin").value())),
            "2024-03-31T03:30:00+02:00");
  EXPECT_EQ(text(on_day(parse_date("2024-07-01").value(),
                        parse_zoned_time("10:00:00@Europe/Paris").value())),
            "2024-07-01T10:00:00+02:00");
  EXPECT_EQ(text(at_moment(0, 5, zone::fixed(-3'600))), "1969-12-31T23:00:00.000000005-01:00");
}

TEST(DateTime, OrderIsByMomentThenByLocalTime) {
  const auto utc = zoned("2024-01-01T10:00:00Z");
  const auto later_clock = zoned("2024-01-01T11:00:00+01:00");
  EXPECT_LT(compare(utc, later_clock), 0);
  EXPECT_GT(compare(later_clock, utc), 0);
  EXPECT_FALSE(equal(utc, later_clock));
  EXPECT_FALSE(equal(zoned("2024-01-01T11:00:00@Europe/Berlin"), later_clock));
  EXPECT_NE(compare(zoned("2024-01-01T11:00:00@Europe/Berlin"), later_clock), 0);
  EXPECT_GT(compare(zoned("2024-01-01T10:00:00.1Z"), utc), 0);
}

}  // namespace
}  // namespace worker::feel
