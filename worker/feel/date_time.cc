#include "worker/feel/date_time.h"

#include "worker/feel/calendar.h"
#include "worker/feel/text_cursor.h"
#include "worker/feel/time_of_day.h"

namespace worker::feel {
namespace {

std::int64_t local_second(const local_date_time& when) {
  return epoch_day(when.day) * seconds_of_day + when.time.nanoseconds / nanoseconds_of_second;
}

std::int32_t nanosecond(const local_date_time& when) {
  return static_cast<std::int32_t>(when.time.nanoseconds % nanoseconds_of_second);
}

std::int64_t epoch_second(const zoned_date_time& when) {
  return local_second(when.local) - when.offset_seconds;
}

std::optional<local_date_time> of_local_second(std::int64_t second, std::int32_t nanos) {
  std::int64_t days = second / seconds_of_day;
  std::int64_t rest = second % seconds_of_day;
  if (rest < 0) {
    rest += seconds_of_day;
    --days;
  }
  const auto day = date_at(days);
  if (!day) return std::nullopt;
  return local_date_time{*day, {rest * nanoseconds_of_second + nanos}};
}

std::optional<zoned_date_time> shown(const wall_seconds& wall, std::int32_t nanos,
                                     const std::string& zone_name) {
  const auto local = of_local_second(wall.local, nanos);
  if (!local) return std::nullopt;
  return zoned_date_time{*local, wall.offset, zone_name};
}

// Its zone, or its offset. Nothing when the rules of the zone are not there any more.
std::optional<zone> zone_of(const zoned_date_time& when) {
  return when.zone.empty() ? zone::fixed(when.offset_seconds) : zone::of(when.zone);
}

std::string zone_text(const zoned_date_time& when) {
  return when.zone.empty() ? offset_text(when.offset_seconds) : when.zone;
}

// The front of a date and time up to the T behind the date, and what follows it.
struct halves {
  std::string_view day;
  std::string_view rest;
};

std::optional<halves> split(std::string_view text) {
  const auto at = text.find('T');
  if (at == std::string_view::npos) return std::nullopt;
  return halves{text.substr(0, at), text.substr(at + 1)};
}

struct second_sum {
  std::int64_t second = 0;
  std::int32_t nanos = 0;
};

std::optional<second_sum> add(std::int64_t second, std::int32_t nanos,
                              const days_time_duration& much) {
  second_sum sum{0, nanos + much.nanoseconds};
  if (__builtin_add_overflow(second, much.seconds, &sum.second)) return std::nullopt;
  if (sum.nanos >= nanoseconds_of_second) {
    sum.nanos -= static_cast<std::int32_t>(nanoseconds_of_second);
    if (__builtin_add_overflow(sum.second, 1, &sum.second)) return std::nullopt;
  }
  return sum;
}

std::optional<days_time_duration> difference(const second_sum& left, const second_sum& right) {
  return minus(days_time_duration{left.second, left.nanos},
               days_time_duration{right.second, right.nanos});
}

template <class T>
int order(const T& left, const T& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

}  // namespace

std::optional<local_date_time> parse_local_date_time(std::string_view text, text_form form) {
  auto parts = split(text);
  if (!parts) return std::nullopt;
  if (form == text_form::computed && text.ends_with('.')) return std::nullopt;
  const auto day = parse_date(parts->day);
  const auto time = take_time(parts->rest, true);
  if (!day || !time || !parts->rest.empty()) return std::nullopt;
  return local_date_time{*day, *time};
}

bool looks_like_zoned_date_time(std::string_view text) {
  auto parts = split(text);
  if (!parts || !parse_date(parts->day)) return false;
  text_cursor in(parts->rest);
  const auto two = [&in] { return in.take_digits(2).has_value(); };
  if (!two() || !in.take(':') || !two()) return false;
  if (in.take(':') && !two()) return false;
  if (in.take('.') && !in.take_digits(in.digits_ahead(9))) return false;
  return in.sees('@') || in.sees('Z') || in.sees('+') || in.sees('-');
}

std::optional<zoned_date_time> parse_zoned_date_time(std::string_view text) {
  if (!looks_like_zoned_date_time(text)) return std::nullopt;
  auto parts = split(text);
  const auto day = parse_date(parts->day);
  std::string_view rest = parts->rest;
  const auto time = take_time(rest, true);
  if (!day || !time || rest.empty()) return std::nullopt;
  const local_date_time local{*day, *time};
  if (rest.front() == '@') {
    const auto where = zone::in_text(rest.substr(1));
    return where ? in_zone(local, *where) : std::nullopt;
  }
  const std::size_t width = rest.front() == 'Z' ? 1 : 6;
  const auto offset = parse_offset(rest.substr(0, width));
  if (!offset) return std::nullopt;
  const auto there = in_zone(local, zone::fixed(*offset));
  rest.remove_prefix(width);
  if (rest.empty() || !there) return there;
  if (rest.size() < 3 || rest.front() != '[' || rest.back() != ']') return std::nullopt;
  const auto where = zone::in_text(rest.substr(1, rest.size() - 2));
  return where ? moved_to(*there, *where) : std::nullopt;
}

std::string to_text(const local_date_time& when) {
  return unsigned_text(when.day) + "T" + to_text(when.time);
}

std::string to_text(const zoned_date_time& when) {
  return to_text(when.local) + (when.zone.empty() ? "" : "@") + zone_text(when);
}

std::string to_json_text(const local_date_time& when) {
  return to_text(when.day) + "T" + to_text(when.time);
}

std::string to_json_text(const zoned_date_time& when) {
  return to_json_text(when.local) + offset_text(when.offset_seconds);
}

std::string to_iso_text(const zoned_date_time& when) {
  return when.zone.empty() ? to_json_text(when) : to_json_text(when) + "[" + when.zone + "]";
}

std::optional<zoned_date_time> in_zone(const local_date_time& when, const zone& where) {
  return shown(where.from_local(local_second(when)), nanosecond(when), where.name());
}

std::optional<zoned_date_time> moved_to(const zoned_date_time& when, const zone& where) {
  return at_moment(epoch_second(when), nanosecond(when.local), where);
}

std::optional<zoned_date_time> at_moment(std::int64_t epoch_second, std::int32_t nanosecond,
                                         const zone& where) {
  return shown(where.at(epoch_second), nanosecond, where.name());
}

zoned_time time_part(const zoned_date_time& when) {
  return {when.local.time, when.offset_seconds, when.zone};
}

std::optional<zoned_date_time> on_day(const date& day, const zoned_time& time) {
  const auto where = time.zone.empty() ? zone::fixed(time.offset_seconds) : zone::of(time.zone);
  return where ? in_zone({day, time.time}, *where) : std::nullopt;
}

std::optional<local_date_time> plus(const local_date_time& when, const days_time_duration& much) {
  const auto sum = add(local_second(when), nanosecond(when), much);
  return sum ? of_local_second(sum->second, sum->nanos) : std::nullopt;
}

std::optional<local_date_time> plus(const local_date_time& when,
                                    const years_months_duration& much) {
  const auto day = plus(when.day, much);
  if (!day) return std::nullopt;
  return local_date_time{*day, when.time};
}

std::optional<local_date_time> minus(const local_date_time& when, const days_time_duration& much) {
  const auto opposite = negated(much);
  return opposite ? plus(when, *opposite) : std::nullopt;
}

std::optional<local_date_time> minus(const local_date_time& when,
                                     const years_months_duration& much) {
  return plus(when, years_months_duration{-much.months});
}

std::optional<days_time_duration> minus(const local_date_time& left, const local_date_time& right) {
  return difference({local_second(left), nanosecond(left)},
                    {local_second(right), nanosecond(right)});
}

std::optional<zoned_date_time> plus(const zoned_date_time& when, const days_time_duration& much) {
  const auto sum = add(epoch_second(when), nanosecond(when.local), much);
  const auto where = zone_of(when);
  return sum && where ? at_moment(sum->second, sum->nanos, *where) : std::nullopt;
}

std::optional<zoned_date_time> plus(const zoned_date_time& when,
                                    const years_months_duration& much) {
  const auto local = plus(when.local, much);
  const auto where = zone_of(when);
  if (!local || !where) return std::nullopt;
  return shown(where->from_local(local_second(*local), when.offset_seconds), nanosecond(*local),
               when.zone);
}

std::optional<zoned_date_time> minus(const zoned_date_time& when, const days_time_duration& much) {
  const auto opposite = negated(much);
  return opposite ? plus(when, *opposite) : std::nullopt;
}

std::optional<zoned_date_time> minus(const zoned_date_time& when,
                                     const years_months_duration& much) {
  return plus(when, years_months_duration{-much.months});
}

std::optional<days_time_duration> minus(const zoned_date_time& left, const zoned_date_time& right) {
  return difference({epoch_second(left), nanosecond(left.local)},
                    {epoch_second(right), nanosecond(right.local)});
}

int compare(const zoned_date_time& left, const zoned_date_time& right) {
  if (const int by = order(epoch_second(left), epoch_second(right)); by != 0) return by;
  if (const int by = order(nanosecond(left.local), nanosecond(right.local)); by != 0) return by;
  if (const int by = order(left.local, right.local); by != 0) return by;
  return order(zone_text(left), zone_text(right));
}

bool equal(const zoned_date_time& left, const zoned_date_time& right) {
  return left.local == right.local && left.offset_seconds == right.offset_seconds &&
         left.zone == right.zone;
}

}  // namespace worker::feel
