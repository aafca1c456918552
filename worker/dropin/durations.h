// The durations of the headers retryBackoff and jobTimeout as the connector runtime reads them,
// which is Java's Duration.parse. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/error.h"

namespace worker::dropin {

// ISO-8601 with days, hours, minutes and seconds, in any case, a sign before the whole and before
// each number, and up to nine digits of a fraction after a point or a comma; rounded down to
// milliseconds. Nothing for other text, and for what is longer than ten years.
std::optional<std::chrono::milliseconds> parse_java_duration(std::string_view text);

// Writes these headers as worker/jobs/task_headers.h reads them. INVALID_INPUT names the header and
// not its value. A negative back-off counts as no back-off. FEEL (a text that begins with =) stays.
std::optional<connector::error> normalise_durations(std::map<std::string, std::string>& headers);

}  // namespace worker::dropin
