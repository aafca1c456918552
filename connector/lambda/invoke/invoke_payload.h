// The body of an Invoke. The payload stays the text that the job has: it is checked, decoded at
// most once, never rebuilt. Pure.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/connector.h"

namespace connector::lambda {

enum class payload_format {
  automatic,  // a string is sent as the JSON it holds, or else as a JSON string
  json,       // a string must hold JSON
  text,       // a string is always sent as a JSON string
};

// The body for this payload. INVALID_INPUT when it is not JSON, or is nested deeper than 500
// levels.
result<std::string> payload_body(input_value payload, payload_format format);

// Adds `"name":block` at the end of a body that is an object; any other body is returned unchanged.
// INVALID_INPUT when the object has that member already.
result<std::string> with_member(std::string body, std::string_view name, std::string_view block);

}  // namespace connector::lambda
