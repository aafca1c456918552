// The functions every embedded Lambda has; README.md says what each does.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/sandbox/lambda/function.h"

namespace sandbox {

using named_functions = std::vector<std::pair<std::string, function>>;

// Well-behaved on the wire, good and bad in what they answer.
named_functions built_in_functions();
// Names that start with "wire-": one broken answer each.
named_functions wire_functions();

}  // namespace sandbox
