// Built-in functions that make temporal values of texts, numbers and each other.
#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/duration.h"
#include "worker/feel/function_table.h"
#include "worker/feel/functions_temporal.h"
#include "worker/feel/temporal.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {

namespace {

value no_such_text(const call& of, std::string_view kind) {
  return of.null_because("the text is no " + std::string(kind));
}

// One of several kinds, or null.
template <class... Kinds>
value one_of(const std::optional<std::variant<Kinds...>>& found, const call& of,
             std::string_view kind) {
  if (!found) return no_such_text(of, kind);
  return std::visit([](const auto& one) { return value(one); }, *found);
}

value date_from(call& of) {
  if (of.is(0, kind::string)) {
    const auto day = parse_date(of[0].as_string());
    return day ? value(*day) : no_such_text(of, "date");
  }
  const auto day = date_in(of[0]);
  return day ? value(*day) : of.no_match();
}

value date_of_numbers(call& of) {
  if (!of.are_numbers(3)) return of.no_match();
  const auto day = date_of(of[0].as_number().to_int32(), of[1].as_number().to_int32(),
                           of[2].as_number().to_int32());
  return day ? value(*day) : of.null_because("there is no such date");
}

value time_from(call& of) {
  switch (of[0].type()) {
    case kind::string:
      return one_of(parse_time(of[0].as_string()), of, "time");
    case kind::local_date_time:
      return of[0].as_local_date_time().time;
    case kind::date_time:
      return time_part(of[0].as_date_time());
    case kind::date:
      return zoned_time{};
    default:
      return of.no_match();
  }
}

// Billionths of the fraction of a second.
std::int64_t nanoseconds_in(const number& seconds) {
  const number fraction = seconds - seconds.rounded(0, rounding::down);
  return (fraction * number(nanoseconds_of_second)).to_int32();
}

std::optional<local_time> clock_time(const call& of, bool with_fraction) {
  const number& seconds = of[2].as_number();
  return time_of(of[0].as_number().to_int32(), of[1].as_number().to_int32(), seconds.to_int32(),
                 with_fraction ? nanoseconds_in(seconds) : 0);
}

value time_of_numbers(call& of) {
  if (!of.are_numbers(3)) return of.no_match();
  const auto time = clock_time(of, true);
  return time ? value(*time) : of.null_because("there is no such time");
}

value time_with_offset(call& of) {
  if (!of.are_numbers(3)) return of.no_match();
  if (of[3].is_null()) {
    const auto time = clock_time(of, false);
    return time ? value(*time) : of.null_because("there is no such time");
  }
  if (!of.is(3, kind::days_time_duration)) return of.no_match();
  const auto time = clock_time(of, true);
  const auto there =
      time ? with_offset(*time, of[3].as_days_time_duration().seconds) : std::nullopt;
  return there ? value(*there) : of.null_because("there is no such time");
}

value date_time_from(call& of) {
  if (!of.is(0, kind::string)) return of.no_match();
  return one_of(parse_date_time(of[0].as_string(), text_form::computed), of, "date and time");
}

// A local date and time there, or the same moment there.
value to_zone(call& of) {
  const auto where = zone::of(of[1].as_string());
  if (!where) {
    return of.fail("date and time: the second argument is no time zone");
  }
  const auto when = of.is(0, kind::date_time) ? moved_to(of[0].as_date_time(), *where)
                                              : in_zone(of[0].as_local_date_time(), *where);
  return when ? value(*when) : of.fail("date and time: outside of the years that there are");
}

value date_time_of(call& of) {
  const auto day = date_in(of[0]);
  if (day && of.is(1, kind::local_time)) return local_date_time{*day, of[1].as_local_time()};
  if (day && of.is(1, kind::time)) {
    const auto when = on_day(*day, of[1].as_time());
    return when ? value(*when) : of.fail("date and time: outside of the years that there are");
  }
  const bool has_time = of.is(0, kind::local_date_time) || of.is(0, kind::date_time);
  return has_time && of.is(1, kind::string) ? to_zone(of) : of.no_match();
}

value duration_from(call& of) {
  if (!of.is(0, kind::string)) return of.no_match();
  return one_of(parse_duration(of[0].as_string(), text_form::computed), of, "duration");
}

value months_from_to(call& of) {
  const auto from = date_in(of[0]);
  const auto to = date_in(of[1]);
  return from && to ? value(months_between(*from, *to)) : of.no_match();
}

constexpr std::array temporal_making_table{
    function_row{"date", {"from"}, date_from, "Of a text, or of a date and time."},
    function_row{"date", {"year", "month", "day"}, date_of_numbers, "Of three numbers."},
    function_row{"time", {"from"}, time_from, "Of a text, or of a date and time."},
    function_row{"time", {"hour", "minute", "second"}, time_of_numbers, "Of three numbers."},
    function_row{"time",
                 {"hour", "minute", "second", "offset"},
                 time_with_offset,
                 "The same, that far ahead of UTC."},
    function_row{"date and time", {"from"}, date_time_from, "Of a text."},
    // With the name of a zone as the second argument: the same there.
    function_row{"date and time",
                 {"date", "time"},
                 date_time_of,
                 "Of a date and a time; with a zone's name as time, the same moment there."},
    function_row{"duration", {"from"}, duration_from, "Of a text."},
    function_row{"years and months duration",
                 {"from", "to"},
                 months_from_to,
                 "The whole months from one date to another."},
};

}  // namespace

std::span<const function_row> temporal_making_functions() { return temporal_making_table; }

}  // namespace worker::feel
