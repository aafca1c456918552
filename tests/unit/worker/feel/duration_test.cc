#include "worker/feel/duration.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace worker::feel {
namespace {

// Both texts of a duration: "string() | variable", or "none".
std::string both(std::string_view text, text_form form = text_form::computed) {
  const auto much = parse_duration(text, form);
  if (!much) return "none";
  return std::visit([](const auto& one) { return to_text(one) + " | " + to_json_text(one); },
                    *much);
}

days_time_duration days_time(std::string_view text) {
  return std::get<days_time_duration>(parse_duration(text, text_form::computed).value());
}

years_months_duration years_months(std::string_view text) {
  return std::get<years_months_duration>(parse_duration(text, text_form::computed).value());
}

TEST(Duration, DaysAndTimeHaveTwoTexts) {
  EXPECT_EQ(both("P1D"), "P1D | PT24H");
  EXPECT_EQ(both("PT36H"), "P1DT12H | PT36H");
  EXPECT_EQ(both("-PT90M"), "-PT1H30M | PT-1H-30M");
  EXPECT_EQ(both("P1DT2H3M4S"), "P1DT2H3M4S | PT26H3M4S");
  EXPECT_EQ(both("PT0S"), "P0D | PT0S");
  EXPECT_EQ(both("P400D"), "P400D | PT9600H");
}

TEST(Duration, PartsOfASecondAreInOneTextAlone) {
  EXPECT_EQ(both("PT0.5S"), "P0D | PT0.5S");
  EXPECT_EQ(both("PT1,25S"), "PT1S | PT1.25S");
  EXPECT_EQ(both("PT1.S"), "PT1S | PT1S");
  EXPECT_EQ(both("-PT0.5S"), "-PT1S | PT-0.5S");
  EXPECT_EQ(both("-PT61.5S"), "-PT1M2S | PT-1M-1.5S");
  EXPECT_EQ(both("PT0.123456789S"), "P0D | PT0.123456789S");
  EXPECT_EQ(both("PT0.1234567890S"), "none");
}

TEST(Duration, EachPartMayHaveASignOfItsOwn) {
  EXPECT_EQ(both("P-1DT-2H-3M-4.5S"), "-P1DT2H3M5S | PT-26H-3M-4.5S");
  EXPECT_EQ(both("-P-1D"), "P1D | PT24H");
  EXPECT_EQ(both("P1Y-14M"), "-P2M | P-2M");
}

TEST(Duration, YearsAndMonthsAreCountedTogether) {
  EXPECT_EQ(both("P14M"), "P1Y2M | P1Y2M");
  EXPECT_EQ(both("-P14M"), "-P1Y2M | P-1Y-2M");
  EXPECT_EQ(both("P0M"), "P0Y | P0D");
  EXPECT_EQ(both("P2147483647Y11M"), "P2147483647Y11M | P2147483647Y11M");
  EXPECT_EQ(both("P2147483648Y"), "none");
}

TEST(Duration, WhatIsNoDurationIsNone) {
  for (const auto* const text :
       {"",      "P",      "-P",    "PT",     "P1W",  "P1",   "1D",    "P1DT",  "P1H",   "PT1D",
        "P1Y1D", "PT1S1H", "PT.5S", "PT1.5H", "P1D ", " P1D", "P--1D", "PT1HX", "P1Y1Y", "P1M1Y"}) {
    EXPECT_EQ(both(text), "none") << text;
  }
}

TEST(Duration, ALiteralMayHaveLowerCaseAndPlusSigns) {
  EXPECT_EQ(both("p1d"), "none");
  EXPECT_EQ(both("P+1D"), "none");
  EXPECT_EQ(both("p1d", text_form::literal), "P1D | PT24H");
  EXPECT_EQ(both("+P+1DT1h", text_form::literal), "P1DT1H | PT25H");
  EXPECT_EQ(both("p1y", text_form::literal), "none");
  EXPECT_EQ(both("P+1Y", text_form::literal), "none");
}

TEST(Duration, NumbersThatDoNotFitAreNone) {
  EXPECT_EQ(both("PT9223372036854775807S"),
            "P106751991167300DT15H30M7S | PT2562047788015215H30M7S");
  EXPECT_EQ(both("PT9223372036854775808S"), "none");
  EXPECT_EQ(both("P99999999999999999999D"), "none");
  EXPECT_EQ(both("P" + std::string(50'000, '9') + "D"), "none");
}

TEST(Duration, ArithmeticStaysInRange) {
  const auto most = days_time("PT9223372036854775807S");
  EXPECT_EQ(plus(most, days_time("PT1S")), std::nullopt);
  EXPECT_EQ(times(most, 2), std::nullopt);
  EXPECT_EQ(times(days_time("P1D"), -3), days_time("-P3D"));
  EXPECT_EQ(plus(days_time("-PT1.5S"), days_time("PT1.5S")), days_time("PT0S"));
  EXPECT_EQ(minus(days_time("PT1H"), days_time("PT90M")), days_time("-PT30M"));
  EXPECT_EQ(absolute(days_time("-PT0.1S")), days_time("PT0.1S"));
  EXPECT_EQ(plus(years_months("P2147483647Y"), years_months("P1Y")), std::nullopt);
  EXPECT_EQ(minus(years_months("P1Y"), years_months("P18M")), years_months("-P6M"));
  EXPECT_EQ(times(years_months("P1Y"), std::numeric_limits<std::int32_t>::max()),
            years_months("P2147483647Y"));
  EXPECT_EQ(times(years_months("P2147483647Y"), std::numeric_limits<std::int32_t>::min()),
            std::nullopt);
  EXPECT_EQ(absolute(years_months("-P14M")), years_months("P14M"));
}

TEST(Duration, MillisecondsAreCutTowardsZero) {
  EXPECT_EQ(milliseconds_of(days_time("PT1.0019S")), 1'001);
  EXPECT_EQ(milliseconds_of(days_time("-PT1.0019S")), -1'001);
  EXPECT_EQ(milliseconds_of(days_time("PT9223372036854775807S")), std::nullopt);
  EXPECT_EQ(duration_of_milliseconds(-1'500), days_time("-PT1.5S"));
}

}  // namespace
}  // namespace worker::feel
