#include "worker/feel/temporal.h"

#include <gtest/gtest.h>

#include <string>

#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {
namespace {

std::string kind_and_text(std::string_view text) {
  static constexpr const char* kinds[] = {"date",      "local time", "time",  "local date-time",
                                          "date-time", "days",       "months"};
  const auto found = parse_temporal(text);
  if (!found) return "none";
  return std::string(kinds[found->index()]) + " " +
         std::visit([](const auto& one) { return to_text(one); }, *found);
}

template <class T>
std::string seen(const T& of, std::string_view name) {
  const auto found = property_of(of, name);
  if (!found) return "no such property";
  if (const auto* const number = std::get_if<std::int64_t>(&*found)) return std::to_string(*number);
  if (const auto* const much = std::get_if<days_time_duration>(&*found)) return to_text(*much);
  if (const auto* const zone = std::get_if<std::string_view>(&*found)) return std::string(*zone);
  return "null";
}

TEST(Temporal, ATextSaysItsKind) {
  EXPECT_EQ(kind_and_text("2024-01-01"), "date 2024-01-01");
  EXPECT_EQ(kind_and_text("10:00"), "local time 10:00:00");
  EXPECT_EQ(kind_and_text("10:00:00Z"), "time 10:00:00Z");
  EXPECT_EQ(kind_and_text("2024-01-01T10:00:00"), "local date-time 2024-01-01T10:00:00");
  EXPECT_EQ(kind_and_text("2024-01-01T10:00:00@Europe/Berlin"),
            "date-time 2024-01-01T10:00:00@Europe/Berlin");
  EXPECT_EQ(kind_and_text("P1DT1H"), "days P1DT1H");
  EXPECT_EQ(kind_and_text("-P14M"), "months -P1Y2M");
}

TEST(Temporal, OtherTextsAreNone) {
  for (const auto* const text : {"", "nonsense", "2024-02-30", "2024-01-01T24:00:00",
                                 "2024-01-01T10:00:00.", "p1d", "P", "10", "@"}) {
    EXPECT_EQ(kind_and_text(text), "none") << text;
  }
}

TEST(Temporal, ADateAloneIsItsMidnight) {
  EXPECT_EQ(to_text(std::get<local_date_time>(
                parse_date_time("2024-01-01", text_form::computed).value())),
            "2024-01-01T00:00:00");
}

TEST(Temporal, EachKindHasItsProperties) {
  const auto when = parse_zoned_date_time("2024-01-31T10:20:30.5@Europe/Berlin").value();
  EXPECT_EQ(seen(when, "year"), "2024");
  EXPECT_EQ(seen(when, "weekday"), "3");
  EXPECT_EQ(seen(when, "second"), "30");
  EXPECT_EQ(seen(when, "time offset"), "PT1H");
  EXPECT_EQ(seen(when, "timezone"), "Europe/Berlin");
  EXPECT_EQ(seen(when, "zone"), "no such property");
  EXPECT_EQ(seen(parse_zoned_date_time("2024-01-31T10:20:30-05:30").value(), "timezone"), "null");
  EXPECT_EQ(seen(when.local, "hour"), "10");
  EXPECT_EQ(seen(when.local, "timezone"), "null");
  EXPECT_EQ(seen(when.local.day, "day"), "31");
  EXPECT_EQ(seen(when.local.day, "hour"), "no such property");
  EXPECT_EQ(seen(time_part(when), "minute"), "20");
  EXPECT_EQ(seen(time_part(when), "year"), "no such property");
}

TEST(Temporal, PartsOfDurationsHaveTheSignOfTheWhole) {
  EXPECT_EQ(seen(days_time_duration{-90'000, 0}, "days"), "-1");
  EXPECT_EQ(seen(days_time_duration{-90'000, 0}, "hours"), "-1");
  EXPECT_EQ(seen(days_time_duration{-2, 500'000'000}, "seconds"), "-2");
  EXPECT_EQ(seen(days_time_duration{129'600, 0}, "hours"), "12");
  EXPECT_EQ(seen(years_months_duration{-14}, "months"), "-2");
  EXPECT_EQ(seen(years_months_duration{14}, "years"), "1");
  EXPECT_EQ(seen(years_months_duration{14}, "days"), "no such property");
}

}  // namespace
}  // namespace worker::feel
