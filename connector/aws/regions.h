// The regions that were known when this was written, for people and scripts. Not a list of what is
// allowed: a new region works without being on it. Constants. Source: the partitions of the AWS
// SDKs.
#pragma once

#include <span>
#include <string_view>

namespace connector::aws {

// By partition, then by name.
std::span<const std::string_view> known_regions();

}  // namespace connector::aws
