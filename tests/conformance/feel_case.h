// What both FEEL suites need: files of one JSON object a line, and the moment at which their
// answers were made.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/json_scan.h"
#include "worker/feel/environment.h"

namespace conformance {

using members = std::vector<connector::json::member>;

// The text of a member; empty when the member is no text.
std::string text_of(const members& object, std::string_view name);
// The JSON of a member; nothing when it is missing.
std::optional<std::string_view> json_of(const members& object, std::string_view name);

// 2024-03-15T10:30:00+01:00 in Berlin: the clock of both suites.
worker::feel::environment fixed_clock();

// Runs `differs` on each line of the file that `variable` names; what it returns is printed behind
// the line's id. Prints "<name>: <passed>/<total>". Returns the program's exit status: 77 when the
// variable is not set.
int run_suite(std::string_view name, const char* variable,
              const std::function<std::optional<std::string>(const members&)>& differs);

}  // namespace conformance
