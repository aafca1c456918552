// What is wrong, or most likely not meant, about settings that are each right by themselves. Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

// Adds to the mistakes and warnings of `into`, by its values.
void check_settings(loaded& into);

}  // namespace worker::config
