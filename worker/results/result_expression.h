// `resultVariable` and `resultExpression`: the variables that a task writes of its response. Pure.
#pragma once

#include <string>
#include <string_view>

#include "worker/results/expressions.h"

namespace worker::results {

// One JSON object: `{<result_variable>: <response>}` when that name is not empty, and over it the
// entries of the context that the expression gives; its null entries stay null. `{}` when the
// expression gives null, or both texts are empty. Numbers and texts that are only passed through
// keep their text. `response`: the JSON text that the expression sees, with the names of
// scope_of().
// Error: `unreadable`, `failed`, or `wrong_value` for a value that is neither context nor null.
//
// The connector runtime does the same, and also refuses variables that contain the text
// "camunda.function.type". Its retries after an error: 0 for `wrong_value`, one less for the others
// (so it calls again), and its message shows the value. Its error expression sees what this gives
// instead of the response, when it is not `{}`.
evaluated<std::string> result_variables(expression_session& session,
                                        const std::string& result_variable,
                                        std::string_view result_expression,
                                        std::string_view response);

}  // namespace worker::results
