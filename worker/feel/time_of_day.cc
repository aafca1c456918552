#include "worker/feel/time_of_day.h"

#include <fmt/format.h>

#include "worker/feel/text_cursor.h"
#include "worker/feel/zone.h"

namespace worker::feel {
namespace {

constexpr std::int64_t nanoseconds_of_minute = 60 * nanoseconds_of_second;
constexpr std::int64_t nanoseconds_of_hour = 60 * nanoseconds_of_minute;

std::int64_t nanosecond(const local_time& time) { return time.nanoseconds % nanoseconds_of_second; }

// Nanoseconds that a duration moves the hands of a clock, below one day.
std::int64_t on_the_clock(const days_time_duration& much) {
  return much.seconds % 86'400 * nanoseconds_of_second + much.nanoseconds;
}

local_time turned(const local_time& time, std::int64_t by) {
  std::int64_t shown = (time.nanoseconds + by) % nanoseconds_of_day;
  if (shown < 0) shown += nanoseconds_of_day;
  return {shown};
}

std::int64_t of_utc(const zoned_time& time) {
  return time.time.nanoseconds - time.offset_seconds * nanoseconds_of_second;
}

days_time_duration of_nanoseconds(std::int64_t nanoseconds) {
  std::int64_t seconds = nanoseconds / nanoseconds_of_second;
  std::int64_t rest = nanoseconds % nanoseconds_of_second;
  if (rest < 0) {
    rest += nanoseconds_of_second;
    --seconds;
  }
  return {seconds, static_cast<std::int32_t>(rest)};
}

}  // namespace

std::optional<local_time> time_of(std::int64_t hour, std::int64_t minute, std::int64_t second,
                                  std::int64_t nanosecond) {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 ||
      nanosecond < 0 || nanosecond >= nanoseconds_of_second) {
    return std::nullopt;
  }
  return local_time{hour * nanoseconds_of_hour + minute * nanoseconds_of_minute +
                    second * nanoseconds_of_second + nanosecond};
}

std::optional<zoned_time> with_offset(const local_time& time, std::int64_t offset_seconds) {
  if (offset_seconds < -zone::max_offset || offset_seconds > zone::max_offset) return std::nullopt;
  return zoned_time{time, static_cast<std::int32_t>(offset_seconds), ""};
}

std::optional<local_time> take_time(std::string_view& text, bool strict_hours) {
  text_cursor in(text);
  const auto hour = in.take_digits(2);
  if (!hour || !in.take(':')) return std::nullopt;
  const auto minute = in.take_digits(2);
  if (!minute) return std::nullopt;
  std::int64_t second = 0;
  std::int64_t nanosecond = 0;
  const bool has_second = in.take(':');
  if (has_second) {
    const auto read = in.take_digits(2);
    if (!read) return std::nullopt;
    second = *read;
  }
  if (in.take('.')) {
    if (!has_second) return std::nullopt;
    const std::size_t width = in.digits_ahead(9);
    std::int64_t scale = nanoseconds_of_second;
    for (std::size_t at = 0; at < width; ++at) scale /= 10;
    if (width > 0) nanosecond = in.take_digits(width).value_or(0) * scale;
  }
  text = in.rest();
  if (!strict_hours && *hour == 24 && *minute == 0 && second == 0 && nanosecond == 0) {
    return local_time{};
  }
  return time_of(*hour, *minute, second, nanosecond);
}

std::optional<local_time> parse_local_time(std::string_view text) {
  if (text.starts_with('T')) text.remove_prefix(1);
  const auto time = take_time(text, false);
  return text.empty() ? time : std::nullopt;
}

bool looks_like_zoned_time(std::string_view text) {
  text_cursor in(text);
  in.take('T');
  const auto two = [&in] { return in.take_digits(2).has_value(); };
  if (!two() || !in.take(':') || !two() || !in.take(':') || !two()) return false;
  if (in.take('.')) {
    const std::size_t width = in.digits_ahead(9);
    if (!in.take_digits(width)) return false;
  }
  if (in.sees('@')) return in.rest().find_first_of("\n\r") == std::string_view::npos;
  if (in.take('Z')) return in.at_end();
  return (in.take('+') || in.take('-')) && two() && in.take(':') && two() && in.at_end();
}

std::optional<zoned_time> parse_zoned_time(std::string_view text) {
  if (!looks_like_zoned_time(text)) return std::nullopt;
  if (text.starts_with('T')) text.remove_prefix(1);
  const auto time = take_time(text, false);
  if (!time || text.empty()) return std::nullopt;
  if (text.front() != '@') {
    const auto offset = parse_offset(text);
    return offset ? with_offset(*time, *offset) : std::nullopt;
  }
  const auto where = zone::in_text(text.substr(1));
  if (!where) return std::nullopt;
  return zoned_time{*time, where->standard_offset(), where->name()};
}

std::string to_text(const local_time& time) {
  std::string text = fmt::format("{:02}:{:02}:{:02}", hour(time), minute(time), second(time));
  if (nanosecond(time) != 0) {
    const std::string fraction = fmt::format(".{:09}", nanosecond(time));
    text += fraction.substr(0, fraction.find_last_not_of('0') + 1);
  }
  return text;
}

std::string to_json_text(const local_time& time) { return to_text(time); }

std::string to_text(const zoned_time& time) {
  if (time.zone.empty()) return to_iso_text(time);
  return to_text(time.time) + "@" + time.zone;
}

std::string to_iso_text(const zoned_time& time) {
  return to_text(time.time) + offset_text(time.offset_seconds);
}

std::string to_json_text(const zoned_time& time) {
  std::string text = fmt::format("{:02}:{:02}", hour(time.time), minute(time.time));
  const std::int64_t nanos = nanosecond(time.time);
  if (second(time.time) != 0 || nanos != 0) text += fmt::format(":{:02}", second(time.time));
  if (nanos != 0) {
    const std::string fraction = fmt::format(".{:09}", nanos);
    text += fraction.substr(0, nanos % 1'000'000 == 0 ? 4 : nanos % 1'000 == 0 ? 7 : 10);
  }
  return text + offset_text(time.offset_seconds);
}

local_time plus(const local_time& time, const days_time_duration& much) {
  return turned(time, on_the_clock(much));
}

local_time minus(const local_time& time, const days_time_duration& much) {
  return turned(time, -on_the_clock(much));
}

days_time_duration minus(const local_time& left, const local_time& right) {
  return of_nanoseconds(left.nanoseconds - right.nanoseconds);
}

zoned_time plus(const zoned_time& time, const days_time_duration& much) {
  return {plus(time.time, much), time.offset_seconds, time.zone};
}

zoned_time minus(const zoned_time& time, const days_time_duration& much) {
  return {minus(time.time, much), time.offset_seconds, time.zone};
}

days_time_duration minus(const zoned_time& left, const zoned_time& right) {
  const std::int64_t difference = of_utc(left) - of_utc(right);
  return of_nanoseconds(difference < 0 ? -difference : difference);
}

int compare(const zoned_time& left, const zoned_time& right) {
  const std::int64_t difference = of_utc(left) - of_utc(right);
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

bool equal(const zoned_time& left, const zoned_time& right) {
  return left.time == right.time && left.offset_seconds == right.offset_seconds &&
         left.zone == right.zone;
}

int hour(const local_time& time) {
  return static_cast<int>(time.nanoseconds / nanoseconds_of_hour);
}

int minute(const local_time& time) {
  return static_cast<int>(time.nanoseconds / nanoseconds_of_minute % 60);
}

int second(const local_time& time) {
  return static_cast<int>(time.nanoseconds / nanoseconds_of_second % 60);
}

}  // namespace worker::feel
