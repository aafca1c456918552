// The text of `--help` about the settings, from settings_table(). Pure.
#pragma once

#include <string>

namespace worker::config {

// The settings in groups: the flag first, then the meaning, the variables and the default.
std::string help_of_settings();

}  // namespace worker::config
