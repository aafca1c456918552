// The operator's limits for calls of functions, as settings: PATTERN=BOUNDS. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/call_limits.h"

namespace worker::config {

// Items are "pattern=bounds". The bounds are one or more of "atOnce N", "perSecond N" and "paused",
// separated by commas. Fills `limits`, or returns what the items must be.
std::optional<std::string> read_function_limits(const std::vector<std::string>& items,
                                                connector::call_limits& limits);

// Warnings about limits that never count, because one before them fits all that they fit.
std::vector<std::string> covered_limits(const connector::call_limits& limits);

}  // namespace worker::config
