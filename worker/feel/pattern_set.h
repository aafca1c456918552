// Sets of characters in a Java regular expression: [a-z], [^a], [a-z&&[^b]], [a[bc]]. Pure.
#pragma once

#include "worker/feel/character_set.h"
#include "worker/feel/pattern_state.h"

namespace worker::feel {

// The '[' has been read, and its ']' will be.
character_set read_set(pattern_state& state);

}  // namespace worker::feel
