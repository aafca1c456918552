// The variables that an outcome becomes by the task's result headers. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/outcome.h"
#include "worker/jobs/command_parts.h"
#include "worker/results/expressions.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

// Which names the results have when no expression makes the variables.
results::mapping mapping_of(const rules& by);

// Whether the task's resultExpression makes its variables; in the profile camunda resultVariable
// too, because errorExpression sees them there.
bool is_mapped(const rules& by);

// The variables that resultExpression makes of the response. The variable `error` of a call that
// failed is written too, unless it lies in resultVariable or the expression wrote another one.
results::evaluated<std::string> mapped(const rules& by, std::string_view response,
                                       const std::optional<connector::error_object>& failure);

// The function has run, and its result cannot be made into variables.
connector::error unmapped(const results::expression_error& why, const connector::outcome& from);

// {"error": ...}
std::string only_error(const connector::error_object& e);

// Completes in spite of an error. An expression that fails on the response of a call that failed
// leaves the variable `error` alone.
std::string variables_in_spite_of(const connector::error_object& e, const rules& by);

}  // namespace worker::jobs
