// The differences at the end of a job in the profile camunda (tasks of the connector runtime,
// worker/dropin). outcome_to_command.cc asks. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/outcome.h"
#include "worker/jobs/command_parts.h"
#include "worker/results/error_expression.h"

namespace worker::jobs {

// The response of three fields, or the runtime's `error` alone.
std::string drop_in_response(const connector::outcome& from);

// An answer, with a failed function's too, as the runtime's result headers make it.
struct drop_in_answer {
  std::string variables;
  // It cannot be made into variables, or its variables must not be written.
  std::optional<connector::error> failure;
  // What errorExpression sees: the variables instead of the response when there are any, or the
  // error alone.
  std::string seen;
};
drop_in_answer map_drop_in_answer(const connector::outcome& from, const rules& by,
                                  std::string_view response);

// Nothing: these variables may be written.
std::optional<connector::error> drop_in_refusal(std::string_view variables,
                                                const connector::outcome& from);

// The same for the variables of what errorExpression decided; else the job fails instead.
std::optional<fail_command> drop_in_refusal(const results::error_decision& decided,
                                            const connector::outcome& from, const rules& by);

// What the runtime leaves for the next attempt, or for the incident. `removes_marker`: the marker
// of atMostOnce goes. `progress` of a durable execution as JSON, empty: there is none to keep.
std::string drop_in_fail_variables(const connector::error& e, bool removes_marker,
                                   std::string_view progress);

}  // namespace worker::jobs
