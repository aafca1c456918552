// The rule that is looked at first: what the task's `errorExpression` says about an outcome. It is
// decided on the response before secrets were masked; what goes out is made of masked ones. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "worker/jobs/command_parts.h"

namespace worker::jobs {

// What the expression sees, beside the raw response of expression_facts.
struct seen_response {
  std::string_view masked;  // response_of() the outcome as it is now
  // The error that replaces `error` in it, JSON text; empty for the outcome's own.
  std::string_view failure = {};
  // `masked` without the secrets in the function's answer; empty for masked_document() of it.
  std::function<std::string()> hidden = {};
};

// Nothing: there is no such expression, or it leaves the end to the other rules. An expression that
// fails, fails the job with the retries that a plain failure would have left.
std::optional<job_command> model_decision(const connector::outcome& from, const rules& by,
                                          const seen_response& seen);

}  // namespace worker::jobs
