#include "worker/feel/temporal.h"

#include "worker/feel/calendar.h"
#include "worker/feel/date_time.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {
namespace {

// A value of one kind as a value of a variant that has this kind among others.
template <class Wide, class Narrow>
std::optional<Wide> widened(const std::optional<Narrow>& found) {
  if (!found) return std::nullopt;
  return Wide(*found);
}

template <class Wide, class... Kinds>
std::optional<Wide> widened(const std::optional<std::variant<Kinds...>>& found) {
  if (!found) return std::nullopt;
  return std::visit([](const auto& one) { return std::optional<Wide>(one); }, *found);
}

std::optional<property> of_offset(std::int32_t seconds, const std::string& zone,
                                  std::string_view name) {
  if (name == "time offset") return days_time_duration{seconds, 0};
  if (name != "timezone") return std::nullopt;
  return zone.empty() ? property() : property(std::string_view(zone));
}

std::optional<property> of_clock(const local_time& of, std::string_view name) {
  if (name == "hour") return std::int64_t{hour(of)};
  if (name == "minute") return std::int64_t{minute(of)};
  if (name == "second") return std::int64_t{second(of)};
  return std::nullopt;
}

std::optional<property> or_else(std::optional<property> first, std::optional<property> second) {
  return first ? first : second;
}

}  // namespace

std::optional<temporal> parse_temporal(std::string_view text) {
  if (const auto day = parse_date(text)) return *day;
  if (looks_like_zoned_time(text)) return widened<temporal>(parse_zoned_time(text));
  if (looks_like_zoned_date_time(text)) return widened<temporal>(parse_zoned_date_time(text));
  if (const auto when = parse_local_date_time(text, text_form::computed)) return *when;
  if (const auto much = parse_duration(text, text_form::computed)) return widened<temporal>(much);
  return widened<temporal>(parse_local_time(text));
}

std::optional<any_time> parse_time(std::string_view text) {
  if (looks_like_zoned_time(text)) return widened<any_time>(parse_zoned_time(text));
  return widened<any_time>(parse_local_time(text));
}

std::optional<any_date_time> parse_date_time(std::string_view text, text_form form) {
  if (const auto day = parse_date(text)) return local_date_time{*day, {}};
  if (looks_like_zoned_date_time(text)) return widened<any_date_time>(parse_zoned_date_time(text));
  return widened<any_date_time>(parse_local_date_time(text, form));
}

std::optional<property> property_of(const date& of, std::string_view name) {
  if (name == "year") return std::int64_t{of.year};
  if (name == "month") return std::int64_t{of.month};
  if (name == "day") return std::int64_t{of.day};
  if (name == "weekday") return std::int64_t{weekday(of)};
  return std::nullopt;
}

std::optional<property> property_of(const local_time& of, std::string_view name) {
  if (name == "time offset" || name == "timezone") return property();
  return of_clock(of, name);
}

std::optional<property> property_of(const zoned_time& of, std::string_view name) {
  return or_else(of_clock(of.time, name), of_offset(of.offset_seconds, of.zone, name));
}

std::optional<property> property_of(const local_date_time& of, std::string_view name) {
  return or_else(property_of(of.day, name), property_of(of.time, name));
}

std::optional<property> property_of(const zoned_date_time& of, std::string_view name) {
  return or_else(or_else(property_of(of.local.day, name), of_clock(of.local.time, name)),
                 of_offset(of.offset_seconds, of.zone, name));
}

std::optional<property> property_of(const days_time_duration& of, std::string_view name) {
  if (name == "days") return of.seconds / 86'400;
  if (name == "hours") return of.seconds / 3'600 % 24;
  if (name == "minutes") return of.seconds / 60 % 60;
  if (name == "seconds") return of.seconds % 60;
  return std::nullopt;
}

std::optional<property> property_of(const years_months_duration& of, std::string_view name) {
  if (name == "years") return of.months / 12;
  if (name == "months") return of.months % 12;
  return std::nullopt;
}

}  // namespace worker::feel
