// Dates with a time, local and with an offset or a zone: text, arithmetic, comparison. Pure, but
// for the rules of zones (zone.h). Nothing: outside of the years that there are, or no such text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "worker/feel/duration.h"
#include "worker/feel/temporal_types.h"
#include "worker/feel/zone.h"

namespace worker::feel {

// 2024-01-31T10:00 with or without seconds and a fraction of at most nine digits. A literal may
// also end with the point of a fraction.
std::optional<local_date_time> parse_local_date_time(std::string_view text, text_form form);
// The same with Z, +01:00, +01:00[Europe/Berlin] or @Europe/Berlin behind it. Where offset and zone
// disagree, the offset says which moment it is and the zone how it is shown.
std::optional<zoned_date_time> parse_zoned_date_time(std::string_view text);
// Whether a text has the form of parse_zoned_date_time: if it has, it is no local one.
bool looks_like_zoned_date_time(std::string_view text);

// 2024-01-31T10:00:00
std::string to_text(const local_date_time& when);
// 2024-01-31T10:00:00+01:00, 2024-01-31T10:00:00@Europe/Berlin
std::string to_text(const zoned_date_time& when);
// Years beyond 9999 with a plus; of a zone the offset alone.
std::string to_json_text(const local_date_time& when);
std::string to_json_text(const zoned_date_time& when);
// 2024-01-31T10:00:00+01:00[Europe/Berlin], as `to json` has it
std::string to_iso_text(const zoned_date_time& when);

// A local time that the zone skips moves on, of one that it has twice the first is taken.
std::optional<zoned_date_time> in_zone(const local_date_time& when, const zone& where);
// The same moment elsewhere.
std::optional<zoned_date_time> moved_to(const zoned_date_time& when, const zone& where);
std::optional<zoned_date_time> at_moment(std::int64_t epoch_second, std::int32_t nanosecond,
                                         const zone& where);
// The time of its day, with its offset and zone.
zoned_time time_part(const zoned_date_time& when);
// A day at that time, where the time is.
std::optional<zoned_date_time> on_day(const date& day, const zoned_time& time);

std::optional<local_date_time> plus(const local_date_time& when, const days_time_duration& much);
std::optional<local_date_time> plus(const local_date_time& when, const years_months_duration& much);
std::optional<local_date_time> minus(const local_date_time& when, const days_time_duration& much);
std::optional<local_date_time> minus(const local_date_time& when,
                                     const years_months_duration& much);
std::optional<days_time_duration> minus(const local_date_time& left, const local_date_time& right);
// Days are 24 hours; months keep the local time.
std::optional<zoned_date_time> plus(const zoned_date_time& when, const days_time_duration& much);
std::optional<zoned_date_time> plus(const zoned_date_time& when, const years_months_duration& much);
std::optional<zoned_date_time> minus(const zoned_date_time& when, const days_time_duration& much);
std::optional<zoned_date_time> minus(const zoned_date_time& when,
                                     const years_months_duration& much);
std::optional<days_time_duration> minus(const zoned_date_time& left, const zoned_date_time& right);

// The order of < and >: by moment, then local time, then zone. Below, at or above zero.
int compare(const zoned_date_time& left, const zoned_date_time& right);
// By local time, offset and zone: the equality of =.
bool equal(const zoned_date_time& left, const zoned_date_time& right);

}  // namespace worker::feel
