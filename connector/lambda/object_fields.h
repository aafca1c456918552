// Single fields of inputs that are objects: `authentication.secretAccessKey` in a custom header
// sets one field of the object. And the check for a name that an object has twice. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/result.h"

namespace connector::lambda {

// The first name that one object in `value`, at any depth, has twice, escapes resolved; nothing
// when every name is there once. WARNING: parsers differ in which of the two they take, so a check
// and a use could see different values. `value` is checked JSON.
std::optional<std::string> repeated_name(std::string_view value);

// `object` (checked JSON text of an object without repeated names) with `value` (JSON text) as the
// field that `path` names after the input's own name: "authentication.type". Objects on the way are
// made where they are missing or null; anything else on the way is INVALID_INPUT. What `object`
// held is wiped.
result<std::string> with_field(std::string object, std::string_view path, std::string_view value);

}  // namespace connector::lambda
