// Finds keys that stand in clear in the input `authentication`, before secrets are put in: a model
// or a variable should refer to a secret instead. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::guards {

// `authentication` is JSON text: an object, or a string that holds one (as a header does). Gives
// the name of the first field that holds a secret key or a session token which is no reference. Ids
// of keys are no secrets.
std::optional<std::string> clear_key_in(std::string_view authentication);

}  // namespace worker::guards
