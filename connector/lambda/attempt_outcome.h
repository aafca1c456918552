// Writes the failure of one attempt into the outcome of its call. In a file of its own, because the
// attempts are made in a coroutine: an error that it makes itself has room in its frame for as long
// as the call waits. Pure.
#pragma once

#include <cstddef>

#include "connector/http/message.h"
#include "connector/lambda/concurrency_limiter.h"
#include "connector/lambda/operation_call.h"
#include "connector/outcome.h"

namespace connector::lambda {

// The attempt is not made: the job is somebody else's by now.
void note_no_longer_ours(const operation_call& operation, outcome& out);
// The attempt is not made: there are no keys to sign with.
void note_without_credentials(const operation_call& operation, const error& missing, outcome& out);
// Nothing was sent, because others were throttled before.
void note_not_let_through(const operation_call& operation, concurrency_limiter::admission why,
                          outcome& out);

// The answer arrived, and the operation does not accept it.
void note_refusal(const operation_call& operation, const http::response& answer, outcome& out);

// No answer arrived whole. When its status and headers did, they may prove what became of the call:
// Lambda's 429 says that nothing ran, however its body ends. `time_over`: the call's whole time.
void note_broken_exchange(const operation_call& operation, const http::failure& failure,
                          bool time_over, std::size_t body_limit, outcome& out);

}  // namespace connector::lambda
