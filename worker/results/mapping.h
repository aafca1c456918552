// From the outcome of a call to the variables that the task writes without an expression, and to
// the response object that expressions see. Pure.
#pragma once

#include <optional>
#include <string>

#include "connector/base/result.h"
#include "connector/operations.h"
#include "connector/outcome.h"

namespace worker::results {

struct mapping {
  std::string result_variable;    // empty: separate variables
  bool alfresco_outputs = false;  // lambdaPayload, lambdaStatus, lambdaLog, lambdaError
  // As the connector runtime: the response is statusCode, executedVersion and payload, and nothing
  // is written that no header asks for.
  bool drop_in = false;
};

// The variables of a completed job as one JSON object; raw slices stay as they are. `from` is
// consumed. `failure`: the variable `error` of a task that completes in spite of an error.
std::string completion_variables(connector::answer from,
                                 const std::optional<connector::error_object>& failure,
                                 const mapping& how);

// The whole response object: what `resultVariable` gets, and what expressions see. A copy.
std::string response_object(const connector::answer& from,
                            const std::optional<connector::error_object>& failure);

// The response as the connector runtime's Lambda connector gives it: statusCode, executedVersion
// and payload as one JSON object. A failed function's payload is the error that it gave.
std::string drop_in_response(const connector::answer& from);

// The answer for a call that has none: all variables of the operation are null.
connector::answer no_answer(const connector::operation_spec& of);

// The one check of everything that is sent to the engine: one JSON value, UTF-8, depth at most
// 500, no integer that the engine cannot keep. Error: RESPONSE_REFUSED; its message is the end of a
// sentence ("would be refused by the engine: ...") that names what and where.
connector::result<void> check_for_engine(const std::string& variables);

}  // namespace worker::results
