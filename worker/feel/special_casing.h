// Characters whose upper case is more than one character. Source: SpecialCasing.txt of Unicode, the
// part that holds in every language. Static data.
#pragma once

#include <string_view>

namespace worker::feel {

// Empty for all other characters.
std::u32string_view special_upper_case(char32_t code);

}  // namespace worker::feel
