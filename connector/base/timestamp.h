// Points in time as services write them (RFC 3339): 2026-11-21T02:08:01Z, with fractions or an
// offset too. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/clock.h"

namespace connector {

// Nothing when `text` is no such date (years 1970 to 2200; a zone is required). Fractions are kept
// to milliseconds.
std::optional<wall_clock::time_point> parse_timestamp(std::string_view text);

// "2026-11-21T02:08:01Z": for messages and logs, in whole seconds.
std::string timestamp_text(wall_clock::time_point at);

}  // namespace connector
