// The part of our environment that a program we start may know: everything ordinary (PATH, HOME,
// proxies, AWS_PROFILE, AWS_CONFIG_FILE and others), without our secrets. Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace connector::aws {

// Names of variables that hold secrets of the program; empty: none but those of AWS.
using hidden_variables = std::function<bool(std::string_view name)>;

// The "NAME=value" entries of `all` (as environ: ended by null) without keys and tokens of AWS and
// without the variables of `hidden`.
std::vector<std::string> child_environment(const char* const* all, const hidden_variables& hidden);

}  // namespace connector::aws
