// The error of one attempt that did not succeed: code, class and text. Pure.
#pragma once

#include "connector/aws/aws_error.h"
#include "connector/base/error.h"
#include "connector/http/message.h"
#include "connector/lambda/failure_text.h"

namespace connector::lambda {

// The effect of a request at the service.
enum class side_effect {
  none,      // reads and DryRun: may be sent again whatever broke, and is never ambiguous
  possible,  // the request may change something: it is sent again only when it provably did not run
  // It starts a durable execution under a name, or attaches to it: it may be sent again whatever
  // broke, and is never ambiguous.
  attaches,
};

// The circumstances by which an answer is judged, besides its content.
struct circumstances {
  side_effect of_request = side_effect::possible;
  bool at_most_once = false;     // the header: only Lambda itself is believed
  bool request_complete = true;  // false: the answer came before the whole request was out
};

// The answer is an error. An answer of Lambda's API proves whether something ran. An answer of a
// function URL is written by the function, so it proves nothing, except when the request was not
// complete. With at_most_once an answer proves nothing either when job data named the host, or when
// it has no name of the error table, because a proxy may have given it.
error failed_answer(const aws::service_failure& failure, const call_description& call,
                    const circumstances& how);

// Whether something may have run in spite of such an answer (`judged`: what failed_answer made).
bool may_have_run(const error& judged, const call_description& call, const circumstances& how);

// The same when the exchange broke.
bool may_have_run(const http::failure& failure, side_effect of_request);

// The exchange broke. Before the last byte of the request nothing can have run; afterwards it may
// have run. A response over the limit is RESPONSE_TOO_LARGE: the call worked, and would give the
// same again. When all addresses of a host are refused: FORBIDDEN if the task named the host, as
// for a host that no list allows; not_started for the worker's own hosts, because the name service
// is wrong.
error failed_exchange(const http::failure& failure, const call_description& call,
                      side_effect of_request, std::size_t body_limit);

}  // namespace connector::lambda
