// The error of a task as the connector runtime tells it, for error expressions and for the variable
// `error` of a failed job: the name of a Java class and the message of its exception. The names are
// those of the AWS SDK for Java 2.x, which the runtime uses since 8.9, and of the connector SDK.
// Pure.
#pragma once

#include <string>

#include "connector/base/error.h"

namespace worker::dropin {

struct runtime_error {
  std::string type;     // "software.amazon.awssdk.services.lambda.model.ResourceNotFoundException"
  std::string message;  // at most 6,000 bytes
};

// An answer of Lambda becomes the SDK's exception with the message that the SDK makes of it, also
// the status and the request id. Inputs and secrets become a ConnectorInputException, everything
// that broke on the way an SdkClientException; their messages are the worker's own.
runtime_error as_runtime_error(const connector::error& e);

// {"type":...,"message":...}. The runtime's Lambda connector gives no `code`.
std::string error_object(const connector::error& e);

}  // namespace worker::dropin
