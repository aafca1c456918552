// The forms in which a secret may turn up in text: raw, escaped, encoded. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace worker::secrets {

// Every form of `value` that is worth looking for, each at least four bytes long; `value` is.
// Forms may repeat. They are as secret as the value: wipe them after use.
std::vector<std::string> forms_of(std::string_view value);

}  // namespace worker::secrets
