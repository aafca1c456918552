// Checks of several settings together: each is right by itself, but not all of them. Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

// Both add to the issues and warnings of `into`: the first looks at its values, and writes what
// depends on several settings (login_checks); the second looks at the variables of the environment
// that are not settings. A variable that looks misspelt is a warning.
void check_settings(loaded& into);
void check_environment(const sources& from, loaded& into);

}  // namespace worker::config
