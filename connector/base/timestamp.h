// Points in time as services and tools write them (RFC 3339, ISO 8601): 2026-11-21T02:08:01Z and
// 20261121T020801Z, with fractions or without seconds, with an offset as +02:00, +0200 or +02.
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/clock.h"

namespace connector {

// Nothing when `text` is not such a date (from 1970 on; a zone is required). Fractions are kept to
// milliseconds. A date after the year 2200, as some write "never", is the last day of that year.
std::optional<wall_clock::time_point> parse_timestamp(std::string_view text);

// "2026-11-21T02:08:01Z": for messages and logs, in whole seconds.
std::string timestamp_text(wall_clock::time_point at);

}  // namespace connector
