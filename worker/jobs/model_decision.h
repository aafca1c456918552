// The rule that is looked at first: what the task's `errorExpression` says about an outcome. It is
// decided on the response before secrets were masked; what goes out is made of the masked one.
// Pure.
#pragma once

#include <optional>
#include <string_view>

#include "worker/jobs/command_parts.h"

namespace worker::jobs {

// `masked`: response_of() the outcome as it is now. `failure`: the error that replaces `error` in
// what the expression sees, JSON text; empty for the outcome's own. Nothing: there is no such
// expression, or it leaves the end to the other rules. An expression that fails, fails the job with
// the retries that a plain failure would have left.
std::optional<job_command> model_decision(const connector::outcome& from, const rules& by,
                                          std::string_view masked, std::string_view failure = {});

}  // namespace worker::jobs
