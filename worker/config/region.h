// Names of regions as operators write them. The shape decides, not membership: a new region works
// without being known here. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

// What a region must be, with the one that was probably meant; nothing when the shape is right.
std::optional<std::string> wrong_region(std::string_view region);

// The known region that an unknown one of the right shape was probably meant to be.
std::optional<std::string_view> near_region(std::string_view region);

bool is_known_region(std::string_view region);

}  // namespace worker::config
