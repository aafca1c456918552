// The settings in force and the source of each, as `print-config` prints them. Pure.
#pragma once

#include <string>

#include "worker/config/settings.h"

namespace worker::config {

// One line for each setting: "key = value  (source)"; the value of a secret is ***.
std::string text_of(const settings& values);

}  // namespace worker::config
