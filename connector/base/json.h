// Small JSON values to and from C++ values: the one place that uses RapidJSON. Everything larger
// stays text (json_scan.h). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace connector::json {

// `"text"` with JSON's escapes, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string quote(std::string_view text);
// The same at the end of `out`.
void append_quoted(std::string& out, std::string_view text);

// The text of a string token as UTF-8; nothing when `value` is no string or holds a lone surrogate.
std::optional<std::string> text_of(std::string_view value);

// Nothing when `value` is no integer that fits: also for 1.0 and 1e2, which are whole by value.
std::optional<std::int64_t> integer_of(std::string_view value);

// Nothing when `value` is neither true nor false.
std::optional<bool> boolean_of(std::string_view value);

}  // namespace connector::json
