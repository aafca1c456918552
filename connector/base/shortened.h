// Text from outside as far as there is room for it. It may hold a secret of the task that it speaks
// of, and the front of a secret that was cut in two would not be known for one any more: so a
// secret that lies across the end stays whole, for those who mask the text later. What is a secret,
// the program says; without it nothing is. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace connector {

// The first `most` bytes, or a few more, to the end of a character. To be called on the text as it
// came, before anything else is taken off it or repaired, and again for each further cut.
std::string shortened(std::string_view text, std::size_t most);

// Gives those bytes; thread safe. Set before threads start or from the loop's thread.
using front_cutter = std::function<std::string(std::string_view text, std::size_t most)>;
void set_front_cutter(front_cutter cut);

}  // namespace connector
