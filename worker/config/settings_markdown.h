// The table of the settings in the README, from settings_table(). Pure.
#pragma once

#include <string>

namespace worker::config {

// A Markdown table, one row per setting, in the order of the help.
std::string markdown_of_settings();

}  // namespace worker::config
