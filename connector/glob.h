// Patterns with `*` for any run of characters; every other character matches itself. Part of the
// door. Pure; the time is at most length of pattern times length of text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace connector {

bool glob(std::string_view pattern, std::string_view text);

// As many parts as the pattern has, each matching its own: no `*` reaches over an end of a part.
bool glob_parts(const std::vector<std::string>& pattern, const std::vector<std::string_view>& text);

}  // namespace connector
