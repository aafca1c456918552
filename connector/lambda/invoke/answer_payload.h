// The body of a function's answer as the variable `payload`: the bytes it came in when it is JSON
// that the engine takes. Pure.
#pragma once

#include <string>

#include "connector/base/result.h"

namespace connector::lambda {

struct answer_payload {
  std::string json;        // null when the body is empty; text that is not JSON as a string
  bool is_base64 = false;  // bytes that are not text
};

// RESPONSE_REFUSED for JSON that the engine would not take: nested deeper than 500 levels, or with
// an integer it cannot keep.
result<answer_payload> read_answer_payload(std::string body);

}  // namespace connector::lambda
