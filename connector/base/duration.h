// ISO-8601 durations as headers and inputs write them: PnDTnHnMnS, parts optional, seconds with a
// fraction. No sign, no years, months or weeks (their length is not fixed or not in use). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace connector {

// Nothing when `text` is not such a duration or is longer than ten years.
std::optional<std::chrono::milliseconds> parse_iso_duration(std::string_view text);

// "250 ms", "1.5 s", "90 s", "15 min": for messages.
std::string human(std::chrono::milliseconds duration);

}  // namespace connector
