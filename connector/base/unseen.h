// Characters that a terminal or a viewer of logs obeys instead of showing: control characters (C0,
// DEL, C1), separators of lines and paragraphs, marks of direction, the byte order mark. Names of
// jobs and texts of other programs may hold them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace connector {

// Each of them as its escape, \u009b; every other byte as it is. JSON text means the same
// afterwards when its strings hold no raw character below U+0020.
std::string escaped_unseen(std::string_view text);

}  // namespace connector
