#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

TEST(TemporalFunctions, DatesAreMadeOfTextsNumbersAndDateTimes) {
  EXPECT_EQ(
      evaluated(
          R"([date("" + "2024-02-29"), date(2024, 2.9, 29), date(@"2024-01-01T23:30:00-05:00")])"),
      R"(["2024-02-29","2024-02-29","2024-01-01"])");
  EXPECT_EQ(
      evaluated(R"([date("" + "2023-02-29"), date(2024, 0, 1), date(1), date(1000000000, 1, 1)])"),
      "[null,null,null,null]");
}

TEST(TemporalFunctions, TimesAreMadeOfTextsNumbersAndDateTimes) {
  EXPECT_EQ(evaluated(R"([time("" + "10:30"), time(10, 30, 15.25), time(10, 30, 0, @"-PT5H30M"),
                          time(10, 30, 0.5, null), time(@"2024-01-01"), time(@"2024-01-01T10:30:00")])"),
            R"(["10:30:00","10:30:15.25","10:30-05:30","10:30:00","00:00Z","10:30:00"])");
  EXPECT_EQ(evaluated(R"(string(time(@"2024-07-01T10:00:00@Europe/Berlin")))"),
            R"("10:00:00@Europe/Berlin")");
  EXPECT_EQ(evaluated(R"([time(24, 0, 0), time(10, 30, 0, @"PT19H"), time(10, 30, 0, @"P1M"),
                          time(@"10:00:00")])"),
            "[null,null,null,null]");
}

TEST(TemporalFunctions, ADateAndTimeCanBePutTogether) {
  EXPECT_EQ(evaluated(R"([date and time(@"2024-01-01", @"10:00:00+01:00"),
                          date and time(@"2024-01-01T08:00:00Z", @"10:00:00"),
                          date and time(@"2024-07-01", @"10:00:00@Europe/Paris")])"),
            R"(["2024-01-01T10:00:00+01:00","2024-01-01T10:00:00","2024-07-01T10:00:00+02:00"])");
}

TEST(TemporalFunctions, ADateAndTimeMovesToAZone) {
  EXPECT_EQ(
      evaluated(R"(date and time(date and time("2024-01-01T08:00:00Z"), "America/Los_Angeles"))"),
      R"("2024-01-01T00:00:00-08:00")");
  EXPECT_EQ(evaluated(R"(date and time(@"2024-01-01T08:00:00", "UTC+3"))"),
            R"("2024-01-01T08:00:00+03:00")");
  EXPECT_EQ(evaluated(R"(date and time(@"2024-01-01T08:00:00", "no/zone"))"), "error");
  EXPECT_EQ(evaluated(R"(date and time(@"2024-01-01", "Europe/Berlin"))"), "null");
}

TEST(TemporalFunctions, DurationsAreMadeOfTextsAndDates) {
  EXPECT_EQ(
      evaluated(
          R"([duration("" + "P1D"), duration("" + "P14M"), duration("" + "p1d"), duration(1)])"),
      R"(["PT24H","P1Y2M",null,null])");
  EXPECT_EQ(evaluated(R"(years and months duration(@"2023-01-15", @"2024-03-14T00:00:00Z"))"),
            R"("P1Y1M")");
  EXPECT_EQ(evaluated(R"(years and months duration(@"2023-01-15", null))"), "null");
}

TEST(TemporalFunctions, TheClockIsThatOfTheEvaluation) {
  EXPECT_EQ(evaluated("[now(), today(), string(now())]"),
            R"(["2024-03-15T10:30:00+01:00","2024-03-15","2024-03-15T10:30:00@Europe/Berlin"])");
  environment strange = at_a_fixed_moment();
  strange.zone = "No/Where";
  EXPECT_EQ(evaluated("now()", "{}", strange), "error");
  EXPECT_EQ(evaluated("today()", "{}", strange), "error");
}

TEST(TemporalFunctions, DatesSayWhereTheyLie) {
  EXPECT_EQ(
      evaluated(R"([day of year(@"2024-12-31"), day of week(@"2024-03-03"), month of year(now()),
                          week of year(@"2021-01-03"), last day of month(@"2024-02-01T10:00:00")])"),
      R"([366,"Sunday","March",53,"2024-02-29"])");
  EXPECT_EQ(evaluated(R"([day of year("2024-12-31"), week of year(null)])"), "[null,null]");
}

}  // namespace
}  // namespace worker::feel
