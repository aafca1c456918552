// The login at the gateway as a whole: which method the settings mean, the defaults that depend on
// other settings, and what does not fit together. Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

// Writes `method`, and what is left out of `token_url` and `audience`; adds issues and warnings.
void complete_login(loaded& into);

}  // namespace worker::config
