// Checks the default headers that the operator gives to every task. A mistake in them is reported
// once with the settings, and not with each job. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connector/operations.h"

namespace worker::jobs {

// The error of `name=value` for tasks of these operations; one of them must know the name.
// The text is a sentence without its full stop: "header 'inputs' must be one of 'lambda', 'short'".
// A value that refers to a secret is not checked.
std::optional<std::string> wrong_default_header(
    std::string_view name, std::string_view value,
    std::span<const connector::operation_spec* const> operations);

}  // namespace worker::jobs
