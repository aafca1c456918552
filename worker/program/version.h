// The version of the program, set by the build.
#pragma once

#include <string>

namespace worker::program {

// "lambda-connector 0.1.0"
std::string version_text();

// "0.1.0"
std::string version_number();

}  // namespace worker::program
