// Which variables of the environment the worker, or a library in it, reads itself: none of them is
// a secret of tasks, whatever the prefix. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

// NAME_FILE counts as NAME does.
bool is_read_here(std::string_view name);

// A variable that is read here and that the prefix would make a secret of tasks, for people;
// nothing when there is none.
std::optional<std::string> own_variable_with(std::string_view prefix);

}  // namespace worker::config
