// What one attempt that did not succeed means: code, class and text. Pure.
#pragma once

#include "connector/aws/aws_error.h"
#include "connector/base/error.h"
#include "connector/http/message.h"
#include "connector/lambda/failure_text.h"
#include "connector/lambda/invoke_input.h"

namespace connector::lambda {

// The service's answer is an error. A DryRun runs nothing, so it is never ambiguous.
error failed_answer(const aws::service_failure& failure, const call_name& call,
                    invocation_type type);

// The exchange broke: before the last byte was sent nothing ran, afterwards it may have. An answer
// over the limit is RESPONSE_TOO_LARGE: it ran, and would give the same again.
error failed_exchange(const http::failure& failure, const call_name& call, invocation_type type,
                      std::size_t body_limit);

}  // namespace connector::lambda
