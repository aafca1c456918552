// Built-in functions of the family "temporal": what is asked of dates, and the present. What makes
// temporal values is in functions_temporal_making.cc.
#include "worker/feel/functions_temporal.h"

#include <chrono>

#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/environment.h"
#include "worker/feel/function_table.h"

namespace worker::feel {

std::optional<date> date_in(const value& of) {
  switch (of.type()) {
    case kind::date:
      return of.as_date();
    case kind::local_date_time:
      return of.as_local_date_time().day;
    case kind::date_time:
      return of.as_date_time().local.day;
    default:
      return std::nullopt;
  }
}

namespace {

std::optional<zoned_date_time> now_in_zone(const call& of) {
  const environment& around = of.surroundings();
  const auto where = zone::of(around.zone);
  const auto since = around.now.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds);
  if (!where) return std::nullopt;
  return at_moment(seconds.count(), static_cast<std::int32_t>(rest.count()), *where);
}

value now(call& of) {
  const auto moment = now_in_zone(of);
  return moment ? value(*moment) : of.fail("now: the zone of the clock is not known");
}

value today(call& of) {
  const auto moment = now_in_zone(of);
  return moment ? value(moment->local.day) : of.fail("today: the zone of the clock is not known");
}

value day_in_year(call& of) {
  const auto day = date_in(of[0]);
  return day ? value(number(day_of_year(*day))) : of.no_match();
}

value day_in_week(call& of) {
  const auto day = date_in(of[0]);
  return day ? of.string(weekday_name(*day)) : of.no_match();
}

value month_in_year(call& of) {
  const auto day = date_in(of[0]);
  return day ? of.string(month_name(*day)) : of.no_match();
}

value week_in_year(call& of) {
  const auto day = date_in(of[0]);
  return day ? value(number(week_of_year(*day))) : of.no_match();
}

value last_day(call& of) {
  const auto day = date_in(of[0]);
  return day ? value(last_day_of_month(*day)) : of.no_match();
}

constexpr std::array temporal_table{
    function_row{"now", {}, now, "The moment of the evaluation."},
    function_row{"today", {}, today, "Its date."},
    function_row{"day of year", {"date"}, day_in_year, "From 1 to 366."},
    function_row{"day of week", {"date"}, day_in_week, "The English name of the day."},
    function_row{"month of year", {"date"}, month_in_year, "The English name of the month."},
    function_row{"week of year", {"date"}, week_in_year, "The number of the week by ISO 8601."},
    function_row{"last day of month", {"date"}, last_day, "The date of the month's last day."},
};

}  // namespace

std::span<const function_row> temporal_functions() { return temporal_table; }

}  // namespace worker::feel
