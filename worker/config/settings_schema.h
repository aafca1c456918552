// The JSON schema (2020-12) of the configuration file, made of the table of settings and of the
// fields that profiles and rules have. For editors and for checks before a roll-out; the program
// itself does not use it. Constant; any thread.
#pragma once

#include <string>

namespace worker::config {

// Indented by two blanks, with a line end.
std::string schema_of_file();

}  // namespace worker::config
