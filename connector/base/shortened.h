// Text from outside as far as there is room for it. It may hold a secret of the task that it speaks
// of, and the front of a secret that was cut in two would not be known for one any more: so it is
// masked first. What masks, the program sets; without it nothing is masked. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace connector {

// The masked text, cut to `most` bytes at the end of a character. To be called on the text as it
// came, before anything else is taken off it or repaired.
std::string shortened(std::string_view text, std::size_t most);

// Gives the first `most` bytes of the masked text; thread safe. Set before threads start or from
// the loop's thread.
using front_masker = std::function<std::string(std::string_view text, std::size_t most)>;
void set_front_masker(front_masker mask);

}  // namespace connector
