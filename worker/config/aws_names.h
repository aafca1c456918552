// Names of AWS as operators write them: regions and ARNs. The shape decides, not membership, so a
// new region works before this version knows it. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

// The rule for a region, with the known region that was probably meant; nothing when the shape is
// right.
std::optional<std::string> region_requirement(std::string_view region);

// The known region that `region`, an unknown one, was probably meant to be.
std::optional<std::string_view> near_region(std::string_view region);

bool is_known_region(std::string_view region);

// Whether `text` is arn:<partition>:<service>:...:<kind><name>, without blanks and patterns.
bool is_arn_of(std::string_view text, std::string_view service, std::string_view kind);

}  // namespace worker::config
