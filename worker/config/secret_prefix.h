// The variables that the worker or one of its libraries reads itself. None of them is a secret of
// tasks, whatever the prefix of secrets is. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::config {

// NAME_FILE counts as NAME does.
bool is_read_here(std::string_view name);

// A variable that the worker reads and that this prefix would make a secret of tasks; nothing when
// there is none.
std::optional<std::string> own_variable_with(std::string_view prefix);

}  // namespace worker::config
