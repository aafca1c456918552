// Finds the parts of JSON text that was checked before: where a value ends, what a text's escapes
// mean. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace worker::feel {

// The place behind the value that begins at `at`.
std::size_t end_of_value(std::string_view json, std::size_t at);
std::size_t skip_json_blanks(std::string_view json, std::size_t at);

// Of a text in quotes. Halves of surrogate pairs become U+FFFD.
std::string json_text_of(std::string_view quoted);

}  // namespace worker::feel
