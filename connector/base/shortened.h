// Cuts text from outside to a size. WARNING: the text may hold a secret, and redaction does not
// recognise the front half of a secret. A secret that lies across the cut therefore stays whole, so
// that redaction masks it later. The program sets the function that knows the secrets
// (set_front_cutter); without one, the cut is plain. Any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace connector {

// The first `most` bytes, to the end of a character or of a secret. Call it on the text as it
// arrived, before the text is repaired or trimmed, and again for each further cut.
std::string shortened(std::string_view text, std::size_t most);

// Gives those bytes; thread safe. Set before threads start or from the loop's thread.
using front_cutter = std::function<std::string(std::string_view text, std::size_t most)>;
void set_front_cutter(front_cutter cut);

}  // namespace connector
