// Texts as Java sees them: counted and ordered in UTF-16 units, cased by the full mappings of
// Unicode whatever the locale. All texts are UTF-8; bytes that are not UTF-8 count as one unit
// each. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace worker::feel {

std::size_t utf16_length(std::string_view text);

// From unit `begin` up to but not including `end`, which is not below `begin`; both may lie beyond
// the end. A pair of surrogates that is cut apart leaves '?', which is what the runtime sends then.
std::string utf16_substring(std::string_view text, std::size_t begin, std::size_t end);

// Below, at or above zero, by the first UTF-16 units that differ.
int compare_utf16(std::string_view left, std::string_view right);

std::string upper_case(std::string_view text);
// A capital sigma at the end of a word becomes the final one.
std::string lower_case(std::string_view text);

// Where the first place of `sought` begins, as std::string_view::find says it; that one takes the
// product of both sizes, this the sum.
std::size_t find_in(std::string_view text, std::string_view sought);

// Without spaces and control characters of ASCII at both ends.
std::string_view trimmed(std::string_view text);
// Nothing but white space: of Unicode, without the spaces that do not break.
bool is_blank(std::string_view text);

}  // namespace worker::feel
