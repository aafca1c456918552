// The content of an error answer of a service, whichever of the known forms it has: JSON with
// `message` or `Message`, the name in a header or in `__type`, XML, HTML of something in between,
// nothing. Pure. Source: error handling of the rest-json protocol as the SDKs read it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "connector/http/message.h"

namespace connector::aws {

struct service_failure {
  int status = 0;
  std::string name;     // "ResourceNotFoundException"; empty when the answer has none
  std::string message;  // one line, at most 1,000 bytes of UTF-8; empty when there is none
  std::string reason;   // of throttling, such as ReservedFunctionConcurrentInvocationLimitExceeded
  std::string request_id;
  std::chrono::milliseconds retry_after{0};  // what the service asks for; 0: nothing
};

service_failure read_service_error(const http::response& answer);

// x-amzn-RequestId, or x-amz-request-id; empty when there is none.
std::string request_id_of(const http::response& answer);

// Retry-After in seconds or x-amz-retry-after in milliseconds, at most an hour; 0: none.
std::chrono::milliseconds retry_after_of(const http::headers& fields);

}  // namespace connector::aws
