// Times of a day, alone (local_time) and with an offset or a zone (zoned_time): text, arithmetic,
// comparison. Arithmetic goes round the clock. Pure, but for the rules of zones (zone.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "worker/feel/temporal_types.h"

namespace worker::feel {

inline constexpr std::int64_t nanoseconds_of_second = 1'000'000'000;
inline constexpr std::int64_t nanoseconds_of_day = 86'400 * nanoseconds_of_second;

// Nothing when there is no such time.
std::optional<local_time> time_of(std::int64_t hour, std::int64_t minute, std::int64_t second,
                                  std::int64_t nanosecond = 0);
// With an offset of at most 18 hours.
std::optional<zoned_time> with_offset(const local_time& time, std::int64_t offset_seconds);

// 10:30, 10:30:00, 10:30:00.123456789, with or without a T before it; 24:00 is midnight.
std::optional<local_time> parse_local_time(std::string_view text);
// With seconds, and +01:00, Z or @Europe/Berlin behind them. A zone counts with the offset that it
// has now without the summer's hour.
std::optional<zoned_time> parse_zoned_time(std::string_view text);
// Whether a text has the form of parse_zoned_time: if it has, it is no local time.
bool looks_like_zoned_time(std::string_view text);
// For date and time texts, which share this: hours to seconds and fraction of at most nine digits.
// `take_to` is set to what was read; with `strict_hours` there is no 24:00.
std::optional<local_time> take_time(std::string_view& text, bool strict_hours);

// 10:00:00, 10:00:00.5
std::string to_text(const local_time& time);
std::string to_json_text(const local_time& time);
// 10:00:00+01:00, 10:00:00@Europe/Berlin
std::string to_text(const zoned_time& time);
// 10:00+01:00, 10:00:00.500Z: as java.time.OffsetTime, without zeros at the end, fractions by three
std::string to_json_text(const zoned_time& time);
// 10:00:00+01:00, as `to json` has it
std::string to_iso_text(const zoned_time& time);

local_time plus(const local_time& time, const days_time_duration& much);
local_time minus(const local_time& time, const days_time_duration& much);
days_time_duration minus(const local_time& left, const local_time& right);
zoned_time plus(const zoned_time& time, const days_time_duration& much);
zoned_time minus(const zoned_time& time, const days_time_duration& much);
// Never negative, as FEEL-Scala has it.
days_time_duration minus(const zoned_time& left, const zoned_time& right);

// By the moment, whatever the offset: the order of < and >. Below, at or above zero.
int compare(const zoned_time& left, const zoned_time& right);
// By time, offset and zone: the equality of =.
bool equal(const zoned_time& left, const zoned_time& right);

int hour(const local_time& time);
int minute(const local_time& time);
int second(const local_time& time);

}  // namespace worker::feel
