// Writes the failure of one attempt into the outcome of its call. Pure.
#pragma once

#include <cstddef>

#include "connector/http/message.h"
#include "connector/lambda/operation_call.h"
#include "connector/outcome.h"

namespace connector::lambda {

// The answer arrived, and the operation does not accept it.
void note_refusal(const operation_call& operation, const http::response& answer, outcome& out);

// No answer arrived whole. When its status and headers did, they may prove what became of the call:
// Lambda's 429 says that nothing ran, however its body ends. `time_over`: the call's whole time.
void note_broken_exchange(const operation_call& operation, const http::failure& failure,
                          bool time_over, std::size_t body_limit, outcome& out);

}  // namespace connector::lambda
