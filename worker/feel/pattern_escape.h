// What a backslash means in a Java regular expression where one character may be: in a set, and
// outside. Pure.
#pragma once

#include <optional>

#include "worker/feel/character_set.h"
#include "worker/feel/pattern_state.h"

namespace worker::feel {

struct pattern_escape {
  char32_t code = 0;                 // one character
  std::optional<character_set> set;  // or any of these
};

// The backslash has been read.
pattern_escape read_escape(pattern_state& state);

}  // namespace worker::feel
