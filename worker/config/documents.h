// What people read of the settings: the help text, the README's table, the values in force. All
// from settings_table(). Pure.
#pragma once

#include <string>

#include "worker/config/settings.h"

namespace worker::config {

// Grouped, flag first, then what it is, its variables and its default.
std::string help_of_settings();

// A Markdown table, one row per setting, in the order of the help.
std::string markdown_of_settings();

// "key = value  (source)" lines; secrets as ***.
std::string text_of(const settings& values);

}  // namespace worker::config
