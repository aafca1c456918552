// Settings that need another setting which is not set, and settings that contradict each other.
// Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

// Adds to the issues and warnings of `into`, by its values.
void check_half_settings(loaded& into);

}  // namespace worker::config
