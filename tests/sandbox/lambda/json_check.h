// Is a text exactly one JSON value (RFC 8259)? Without recursion, so that any depth is safe.
#pragma once

#include <string_view>

namespace sandbox {

bool is_json(std::string_view text);
bool is_utf8(std::string_view text);

}  // namespace sandbox
