#include "worker/feel/calendar.h"

#include <gtest/gtest.h>

#include <string>

#include "worker/feel/duration.h"

namespace worker::feel {
namespace {

date day(std::string_view text) { return parse_date(text).value(); }

std::string read(std::string_view text) {
  const auto found = parse_date(text);
  return found ? to_text(*found) : "none";
}

template <class T>
std::string moved(std::string_view text, const T& by) {
  const auto there = plus(day(text), by);
  return there ? to_text(*there) : "none";
}

TEST(Calendar, DatesKeepTheirText) {
  for (const auto* const text :
       {"2024-02-29", "0000-01-01", "-0044-03-15", "0099-12-31", "-999999999-01-01"}) {
    EXPECT_EQ(read(text), text);
  }
}

TEST(Calendar, AYearOfMoreThanFourDigitsIsWrittenWithAPlus) {
  EXPECT_EQ(read("12024-01-01"), "+12024-01-01");
  EXPECT_EQ(read("999999999-12-31"), "+999999999-12-31");
  EXPECT_EQ(unsigned_text(day("12024-01-01")), "12024-01-01");
}

TEST(Calendar, WhatIsNoDateIsNone) {
  for (const auto* const text :
       {"", "2023-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31", "20240101",
        "2024-1-1", "+2024-01-01", "-0000-01-01", "02024-01-01", "1000000000-01-01", "2024-01-01 ",
        " 2024-01-01", "2024-01-01T", "24-01-01", "2024/01/01"}) {
    EXPECT_EQ(read(text), "none") << text;
  }
}

TEST(Calendar, MonthsStayInTheirMonth) {
  EXPECT_EQ(moved("2024-01-31", years_months_duration{1}), "2024-02-29");
  EXPECT_EQ(moved("2024-02-29", years_months_duration{12}), "2025-02-28");
  EXPECT_EQ(moved("2024-01-31", years_months_duration{-14}), "2022-11-30");
  EXPECT_EQ(moved("0001-01-01", years_months_duration{-12}), "0000-01-01");
  EXPECT_EQ(moved("999999999-12-01", years_months_duration{1}), "none");
}

TEST(Calendar, TimeIsAddedToTheStartOfTheDay) {
  EXPECT_EQ(moved("2024-01-01", days_time_duration{23 * 3600, 0}), "2024-01-01");
  EXPECT_EQ(moved("2024-01-01", days_time_duration{24 * 3600, 0}), "2024-01-02");
  EXPECT_EQ(moved("2024-01-01", days_time_duration{-1, 999'999'999}), "2023-12-31");
  EXPECT_EQ(minus(day("2024-01-01"), days_time_duration{0, 1}).value(), day("2023-12-31"));
  EXPECT_EQ(moved("999999999-12-31", days_time_duration{86'400, 0}), "none");
  EXPECT_EQ(minus(day("2024-01-01"), days_time_duration{INT64_MIN, 0}), std::nullopt);
}

TEST(Calendar, DifferencesAreDays) {
  EXPECT_EQ(to_text(minus(day("2024-03-01"), day("2024-02-01"))), "P29D");
  EXPECT_EQ(to_text(minus(day("999999999-12-31"), day("-999999999-01-01"))), "P730484999633D");
}

TEST(Calendar, MonthsBetweenAreWhole) {
  EXPECT_EQ(months_between(day("2023-01-15"), day("2024-03-14")).months, 13);
  EXPECT_EQ(months_between(day("2024-03-14"), day("2023-01-15")).months, -13);
  EXPECT_EQ(months_between(day("2024-01-01"), day("2024-01-31")).months, 0);
}

TEST(Calendar, WeeksAreThoseOfIso8601) {
  EXPECT_EQ(week_of_year(day("2024-01-01")), 1);
  EXPECT_EQ(week_of_year(day("2021-01-03")), 53);
  EXPECT_EQ(week_of_year(day("2024-12-30")), 1);
  EXPECT_EQ(week_of_year(day("2005-01-01")), 53);
  EXPECT_EQ(week_of_year(day("999999999-12-31")), 52);
  EXPECT_EQ(weekday(day("2024-03-03")), 7);
  EXPECT_EQ(weekday_name(day("2024-03-03")), "Sunday");
  EXPECT_EQ(month_name(day("2024-09-03")), "September");
  EXPECT_EQ(day_of_year(day("2024-12-31")), 366);
  EXPECT_EQ(to_text(last_day_of_month(day("2100-02-01"))), "2100-02-28");
}

}  // namespace
}  // namespace worker::feel
