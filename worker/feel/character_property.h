// The sets of characters that Java's regular expressions have names for: \p{Lu}, \p{Alpha},
// \p{IsGreek}, \p{InCyrillic}, \p{javaLetter}, script=Latin. Static data; pure.
#pragma once

#include <optional>
#include <string_view>

#include "worker/feel/character_set.h"

namespace worker::feel {

struct property_reading {
  bool caseless = false;  // upper, lower and title case are one
  bool unicode = false;   // the names of POSIX mean all of Unicode, not ASCII
};

// Nothing when there is no set of that name. Of the names of blocks only common ones are known.
std::optional<character_set> property_set(std::string_view name, const property_reading& how);

// \d, \w, \s, \h, \v; nothing for other letters.
std::optional<character_set> shorthand_set(char32_t letter, bool unicode);

}  // namespace worker::feel
