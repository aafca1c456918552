// Dates of the proleptic Gregorian calendar, years -999999999 to 999999999 as in java.time: text,
// arithmetic, comparison. Pure. What leaves these years is nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "worker/feel/temporal_types.h"

namespace worker::feel {

inline constexpr std::int64_t min_year = -999'999'999;
inline constexpr std::int64_t max_year = 999'999'999;
inline constexpr std::int64_t seconds_of_day = 86'400;

// Nothing when there is no such day.
std::optional<date> date_of(std::int64_t year, std::int64_t month, std::int64_t day);

// Days since 1970-01-01, and back.
std::int64_t epoch_day(const date& day);
std::optional<date> date_at(std::int64_t epoch_day);

// Stays in the month: a day beyond its end becomes its last.
std::optional<date> plus_months(const date& day, std::int64_t months);

std::optional<date> plus(const date& day, const years_months_duration& much);
std::optional<date> minus(const date& day, const years_months_duration& much);
// Added to the start of the day; what is left of the result is its date.
std::optional<date> plus(const date& day, const days_time_duration& much);
std::optional<date> minus(const date& day, const days_time_duration& much);
days_time_duration minus(const date& left, const date& right);

// Whole months from one day to the other; negative backwards.
years_months_duration months_between(const date& from, const date& to);

int weekday(const date& day);  // 1 is Monday, as in ISO 8601
int day_of_year(const date& day);
int week_of_year(const date& day);  // ISO 8601
date last_day_of_month(const date& day);
std::string_view weekday_name(const date& day);  // in English
std::string_view month_name(const date& day);

// A year of four digits, or of five to nine without a leading zero; a minus before it counts.
std::optional<date> parse_date(std::string_view text);

// 2024-01-31, -0044-03-15. With a plus before a year of more than four digits.
std::string to_text(const date& day);
std::string to_json_text(const date& day);
// The same without the plus, as FEEL-Scala writes the date of a date and time.
std::string unsigned_text(const date& day);

}  // namespace worker::feel
