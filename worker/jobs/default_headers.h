// Whether the headers that the operator gives to every task make sense, so that a mistake in them
// is one of the settings and not one of each job. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "connector/operations.h"

namespace worker::jobs {

// What is wrong with `name=value` for tasks of these operations (one of them must know the name):
// a sentence without its end, such as "header 'inputs' must be one of 'lambda', 'short'". Values
// that refer to a secret are not looked into.
std::optional<std::string> wrong_default_header(
    std::string_view name, std::string_view value,
    std::span<const connector::operation_spec* const> operations);

}  // namespace worker::jobs
