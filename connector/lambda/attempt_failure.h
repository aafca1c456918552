// What one attempt that did not succeed means: code, class and text. Pure.
#pragma once

#include "connector/aws/aws_error.h"
#include "connector/base/error.h"
#include "connector/http/message.h"
#include "connector/lambda/failure_text.h"

namespace connector::lambda {

// What a request does at the service.
enum class effect {
  none,  // nothing (reads, DryRun): may be sent again whatever broke, and is never ambiguous
  once,  // something: only what provably was not done is sent again
};

// The service's answer is an error.
error failed_answer(const aws::service_failure& failure, const call_name& call, effect of_request);

// The exchange broke: before the last byte was sent nothing was done, afterwards it may have been.
// An answer over the limit is RESPONSE_TOO_LARGE: it worked, and would give the same again. A host
// that the task named and whose addresses are refused is FORBIDDEN, as one that no list allows; the
// worker's own hosts are looked up again, because then it is the name service that is wrong.
error failed_exchange(const http::failure& failure, const call_name& call, effect of_request,
                      std::size_t body_limit);

}  // namespace connector::lambda
