// Invoke by function URL: a signed or plain POST whose answer, status and all, is the function's
// own. Pure. Source: Lambda developer guide, "Invoking Lambda function URLs".
#pragma once

#include <memory>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/invoke/invoke_input.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

// `input` has a url. FORBIDDEN when the operator did not allow its host, REQUEST_TOO_LARGE when
// the payload is over the limit of a synchronous call.
result<std::unique_ptr<operation_call>> prepare_function_url(invoke_input input, const call& asked,
                                                             const settings& how);

// 2xx, and 3xx, which is never followed.
bool is_url_answer(int status);

// The answer: statusCode, executedVersion (null), payload, log (null). RESPONSE_REFUSED as for
// read_invoke_answer.
result<answer> read_url_answer(http::response from);

// Any other answer. Of 5xx the status alone counts, not an error name: it is the
// function's own answer, so the function ran. Of its body only the `message` of a JSON object is
// taken, never a page or a text.
aws::service_failure read_url_failure(const http::response& from);

}  // namespace connector::lambda
