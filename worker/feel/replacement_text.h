// The text that Java's Matcher.replaceAll puts in place of a match: literal pieces and groups.
// Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::feel {

struct replacement_piece {
  std::string literal;
  std::optional<std::size_t> group;  // or what this group found
};

// $1, ${name}, and a backslash before what is literal. Nothing when Java refuses it: an unknown
// group, a '$' or a backslash with nothing behind it. `groups` without group 0.
std::optional<std::vector<replacement_piece>> parse_replacement(
    std::string_view text, std::size_t groups,
    const std::map<std::string, std::size_t, std::less<>>& names);

}  // namespace worker::feel
