// The error that a failed function reports. Every runtime writes another object, some write none;
// the result is readable in each case. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "connector/outcome.h"

namespace connector::lambda {

inline constexpr std::size_t max_error_type = 1000;
inline constexpr std::size_t max_error_message = 10'000;
inline constexpr std::size_t max_stack_trace = 64 * 1024;

// `payload` is the answer as checked JSON text. code is FUNCTION_ERROR; type from errorType,
// message from errorMessage, the trace from stackTrace or trace (Node.js) as a list. A text of
// another form than expected becomes the message unchanged; a text above the limits is
// cut (no secret is cut in two, see shortened.h), a longer trace is left out.
error_object read_function_error(std::string_view payload);

}  // namespace connector::lambda
