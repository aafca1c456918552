// What FEEL expressions are made of, for both FEEL targets. Static data.
#pragma once

#include <string>
#include <vector>

namespace fuzz {

std::vector<std::string> feel_expressions();
std::vector<std::string> feel_words();

}  // namespace fuzz
