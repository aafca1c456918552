// Items in the order of a function of the expression.
#pragma once

#include <optional>
#include <vector>

#include "worker/feel/call.h"

namespace worker::feel {

// By the second argument of the call, which says whether one item comes before another. Nothing
// when it answers no boolean, or a limit is reached.
std::optional<std::vector<value>> sorted(std::vector<value> items, call& of);

}  // namespace worker::feel
