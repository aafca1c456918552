// The page about the built-in functions, made from their table.
#pragma once

#include <string>

namespace worker::feel {

// Markdown; functions.md beside this file has it.
std::string function_page();

}  // namespace worker::feel
