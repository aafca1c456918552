// Finds plaintext keys in the credentials of a task, before secrets are put in: the model should
// refer to a secret instead. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/base/secret.h"
#include "worker/secrets/resolver.h"

namespace worker::policy {

// Searches the input `authentication` (an object, or a string that holds one, as a header does) and
// the headers of its fields, such as `authentication.secretAccessKey`. Returns the place of the
// first secret key or session token that is no reference; ids of keys are no secrets. In a variable
// secrets.NAME is a reference only where the header `secrets` lists it, and else plaintext.
// `only`: of this origin.
std::optional<std::string> plaintext_key_in(const std::vector<secrets::task_value>& task,
                                            secrets::data_mode in_data,
                                            std::optional<secrets::origin> only = std::nullopt);

// The values at those places that are no references: what is to be masked wherever it came from.
// Those that are too long for a key are left out.
std::vector<connector::secret_string> plaintext_keys(const std::vector<secrets::task_value>& task,
                                                     secrets::data_mode in_data);

}  // namespace worker::policy
