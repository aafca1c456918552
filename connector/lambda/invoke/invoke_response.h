// From the HTTP answer of an Invoke that Lambda accepted to the operation's answer. The payload is
// checked and carried as the bytes it came in. Pure. Source: Lambda API reference, Invoke.
#pragma once

#include <string>

#include "connector/base/result.h"
#include "connector/http/message.h"
#include "connector/outcome.h"

namespace connector::lambda {

// `function` is the name as the input gave it. RESPONSE_REFUSED when the payload is JSON that the
// engine would not take: nested deeper than 500 levels, or with an integer it cannot keep.
result<answer> read_invoke_answer(http::response from, const std::string& function);

}  // namespace connector::lambda
