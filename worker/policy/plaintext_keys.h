// Finds keys that stand in clear in the credentials that a task gives, before secrets are put in: a
// model should refer to a secret instead. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "worker/secrets/resolver.h"

namespace worker::policy {

// Looks into the input `authentication` (an object, or a string that holds one, as a header does)
// and into headers of single fields, `authentication.secretAccessKey`. Gives the place of the first
// secret key or session token that is no reference. Ids of keys are no secrets. In a variable
// secrets.NAME is a reference only where the header `secrets` says so, and else text.
std::optional<std::string> plaintext_key_in(const std::vector<secrets::task_value>& task,
                                            secrets::data_mode in_data);

}  // namespace worker::policy
