// Settings that mean something only together with another one, and the other one is not there; or
// that contradict each other. Pure.
#pragma once

#include "worker/config/load.h"

namespace worker::config {

void check_half_settings(loaded& into);

}  // namespace worker::config
