// Temporal values in general: texts that may be any of them, and the properties that a path finds.
// What each kind can do by itself is in calendar.h, time_of_day.h, date_time.h and duration.h.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "worker/feel/duration.h"
#include "worker/feel/temporal_types.h"

namespace worker::feel {

using temporal = std::variant<date, local_time, zoned_time, local_date_time, zoned_date_time,
                              days_time_duration, years_months_duration>;
using any_time = std::variant<local_time, zoned_time>;
using any_date_time = std::variant<local_date_time, zoned_date_time>;

// The text of @"...": whatever it is.
std::optional<temporal> parse_temporal(std::string_view text);
// The texts of time("...") and date and time("..."). A date alone is its midnight.
std::optional<any_time> parse_time(std::string_view text);
std::optional<any_date_time> parse_date_time(std::string_view text, text_form form);

// The value of a property: null, a number, a duration or a text that lives as long as the value.
using property = std::variant<std::monostate, std::int64_t, days_time_duration, std::string_view>;

// Nothing when values of this kind have no property of that name.
std::optional<property> property_of(const date& of, std::string_view name);
std::optional<property> property_of(const local_time& of, std::string_view name);
std::optional<property> property_of(const zoned_time& of, std::string_view name);
std::optional<property> property_of(const local_date_time& of, std::string_view name);
std::optional<property> property_of(const zoned_date_time& of, std::string_view name);
std::optional<property> property_of(const days_time_duration& of, std::string_view name);
std::optional<property> property_of(const years_months_duration& of, std::string_view name);

}  // namespace worker::feel
