#include "worker/feel/calendar.h"

#include <absl/time/civil_time.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "worker/feel/duration.h"
#include "worker/feel/text_cursor.h"

namespace worker::feel {
namespace {

const absl::CivilDay epoch(1970, 1, 1);

absl::CivilDay civil(const date& day) { return absl::CivilDay(day.year, day.month, day.day); }

date plain(absl::CivilDay day) {
  return {static_cast<std::int32_t>(day.year()), static_cast<std::uint8_t>(day.month()),
          static_cast<std::uint8_t>(day.day())};
}

int length_of_month(std::int64_t year, int month) {
  const absl::CivilMonth first(year, month);
  return static_cast<int>(absl::CivilDay(first + 1) - absl::CivilDay(first));
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

std::optional<date> date_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (year < min_year || year > max_year || month < 1 || month > 12 || day < 1) return std::nullopt;
  if (day > length_of_month(year, static_cast<int>(month))) return std::nullopt;
  return date{static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month),
              static_cast<std::uint8_t>(day)};
}

std::int64_t epoch_day(const date& day) { return civil(day) - epoch; }

std::optional<date> date_at(std::int64_t epoch_day) {
  static const std::int64_t first = absl::CivilDay(min_year, 1, 1) - epoch;
  static const std::int64_t last = absl::CivilDay(max_year, 12, 31) - epoch;
  if (epoch_day < first || epoch_day > last) return std::nullopt;
  return plain(epoch + epoch_day);
}

std::optional<date> plus_months(const date& day, std::int64_t months) {
  std::int64_t total = 0;
  if (__builtin_add_overflow(std::int64_t{day.year} * 12 + day.month - 1, months, &total)) {
    return std::nullopt;
  }
  const std::int64_t year = floor_div(total, 12);
  if (year < min_year || year > max_year) return std::nullopt;
  const int month = static_cast<int>(total - year * 12) + 1;
  return date_of(year, month, std::min<std::int64_t>(day.day, length_of_month(year, month)));
}

std::optional<date> plus(const date& day, const years_months_duration& much) {
  return plus_months(day, much.months);
}

std::optional<date> minus(const date& day, const years_months_duration& much) {
  return plus_months(day, -much.months);
}

std::optional<date> plus(const date& day, const days_time_duration& much) {
  return date_at(epoch_day(day) + floor_div(much.seconds, seconds_of_day));
}

std::optional<date> minus(const date& day, const days_time_duration& much) {
  const auto opposite = negated(much);
  if (!opposite) return std::nullopt;
  return plus(day, *opposite);
}

days_time_duration minus(const date& left, const date& right) {
  return {(epoch_day(left) - epoch_day(right)) * seconds_of_day, 0};
}

years_months_duration months_between(const date& from, const date& to) {
  std::int64_t months =
      (std::int64_t{to.year} - from.year) * 12 + (int{to.month} - int{from.month});
  const int days = int{to.day} - int{from.day};
  if (months > 0 && days < 0) --months;
  if (months < 0 && days > 0) ++months;
  return {months};
}

int weekday(const date& day) { return static_cast<int>(absl::GetWeekday(civil(day))) + 1; }

int day_of_year(const date& day) { return absl::GetYearDay(civil(day)); }

int week_of_year(const date& day) {
  // A week belongs to the year of its Thursday.
  const absl::CivilDay thursday = civil(day) + (4 - weekday(day));
  return (absl::GetYearDay(thursday) - 1) / 7 + 1;
}

date last_day_of_month(const date& day) {
  return {day.year, day.month, static_cast<std::uint8_t>(length_of_month(day.year, day.month))};
}

std::string_view weekday_name(const date& day) {
  static constexpr std::array<std::string_view, 7> names{
      "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  return names.at(static_cast<std::size_t>(weekday(day) - 1));
}

std::string_view month_name(const date& day) {
  static constexpr std::array<std::string_view, 12> names{
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  return names.at(day.month - 1U);
}

std::optional<date> parse_date(std::string_view text) {
  text_cursor in(text);
  const bool negative = in.take('-');
  const std::size_t width = in.digits_ahead(10);
  if (width < 4 || width > 9 || (width > 4 && in.sees('0'))) return std::nullopt;
  const auto year = in.take_digits(width);
  if (!year || (negative && *year == 0) || !in.take('-')) return std::nullopt;
  const auto month = in.take_digits(2);
  if (!month || !in.take('-')) return std::nullopt;
  const auto day = in.take_digits(2);
  if (!day || !in.at_end()) return std::nullopt;
  return date_of(negative ? -*year : *year, *month, *day);
}

std::string unsigned_text(const date& day) {
  const std::string_view sign = day.year < 0 ? "-" : "";
  return fmt::format("{}{:04}-{:02}-{:02}", sign, std::abs(std::int64_t{day.year}), day.month,
                     day.day);
}

std::string to_text(const date& day) {
  return day.year > 9999 ? "+" + unsigned_text(day) : unsigned_text(day);
}

std::string to_json_text(const date& day) { return to_text(day); }

}  // namespace worker::feel
