// JSON text to FEEL values and back. Reading takes the text's structure for granted where it was
// checked before; nothing is copied out of it until it is touched. Pure; values of one document
// belong to one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "worker/feel/value.h"

namespace worker::feel {

inline constexpr std::size_t max_json_depth = 500;

// Nothing when `text` is not exactly one JSON value, or is nested deeper than 500 levels.
std::optional<value> from_json(std::string text);
// What the text takes in there, before the value is looked into.
std::size_t bytes_of_json(std::size_t text);
// The same without a copy: the text outlives every value that was read from it.
std::optional<value> from_borrowed_json(std::string_view text);
// For text that json::check has passed already.
value from_checked_json(std::string_view text);

// As the connector runtime writes it as process variables; numbers that were only passed through
// keep their text. A function as an entry is left out, a range is null.
std::string to_json(const value& from);
// The same; nothing when that takes more than `most` bytes, or longer than `until`. A value may
// have far more text than it takes memory, because its parts are shared.
std::optional<std::string> to_json(const value& from, std::size_t most, connector::deadline until);

}  // namespace worker::feel
