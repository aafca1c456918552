// Items of a list that are there once, or more than once, by the equality of `=`. Pure, but for the
// work that is counted.
#pragma once

#include <vector>

#include "worker/feel/call.h"
#include "worker/feel/value.h"

namespace worker::feel {

// The first of equal items, in the order of the list.
std::vector<value> distinct_items(const std::vector<value>& all, work& counted);
// Those of them that have an equal one.
std::vector<value> duplicate_items(const std::vector<value>& all, work& counted);

}  // namespace worker::feel
