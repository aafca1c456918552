// Escapes of JSON strings, for the scanner of json_text.h. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sandbox::engine {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
// The value of the four hexadecimal digits in front; nothing when there are none.
std::optional<std::uint32_t> hex4(std::string_view digits);
// The text between the quotes of a token that passed the scan, escapes resolved, as UTF-8.
std::string unescaped(std::string_view text);

}  // namespace sandbox::engine
