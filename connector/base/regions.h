// The form of a region's name, and the regions that were known when this was written, for
// people and scripts. Not a list of what is allowed: a new region works without being on it.
// Constants. Source: the partitions of the AWS SDKs.
#pragma once

#include <span>
#include <string_view>

namespace connector {

// Whether `region` is one host label: 1 to 63 of a-z, 0-9 and hyphen, no hyphen at either end.
bool is_region(std::string_view region);

// By partition, then by name.
std::span<const std::string_view> known_regions();

}  // namespace connector
