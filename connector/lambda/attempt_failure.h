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

// What an answer is judged by besides what it says.
struct circumstances {
  effect of_request = effect::once;
  bool at_most_once = false;     // the header: only Lambda itself is believed
  bool request_complete = true;  // false: the answer came before the whole request was out
};

// The answer is an error. By whose word counts: Lambda's API says whether something ran; what comes
// from a function URL is the function's own word, and proves nothing unless the request was never
// complete. With at_most_once neither a host that job data named is believed, nor an answer without
// a name of the table, which anything on the way may have given.
error failed_answer(const aws::service_failure& failure, const call_description& call,
                    const circumstances& how);

// Whether something may have run in spite of such an answer (`judged`: what failed_answer made).
bool may_have_run(const error& judged, const call_description& call, const circumstances& how);

// And when the exchange broke: from the first byte on.
bool may_have_run(const http::failure& failure, effect of_request);

// The exchange broke: before the last byte was sent nothing was done, afterwards it may have been.
// An answer over the limit is RESPONSE_TOO_LARGE: it worked, and would give the same again. A host
// that the task named and whose addresses are refused is FORBIDDEN, as one that no list allows; the
// worker's own hosts are looked up again, because then it is the name service that is wrong.
error failed_exchange(const http::failure& failure, const call_description& call, effect of_request,
                      std::size_t body_limit);

}  // namespace connector::lambda
