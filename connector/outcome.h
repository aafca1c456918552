// What a call came to: the answer as raw JSON slices, or an error. Part of the door; plain values.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connector/base/error.h"
#include "connector/base/memory_permit.h"

namespace connector {

// A named value that is JSON text already, carried byte for byte.
struct json_field {
  std::string name;
  std::string value;
};

// The function ran and failed (X-Amz-Function-Error), or a call was turned into the variable
// `error`. Fields as the contract's variable of that name.
struct error_object {
  std::string code;              // FUNCTION_ERROR or a code of error.h
  std::string type;              // the function's errorType; may be empty
  std::string message;           // may be empty
  std::string stack_trace_json;  // JSON text of a list, or empty
  std::string request_id;        // may be empty
  std::string function_name;     // may be empty

  // {"code":...,"type":...,...}; what is empty becomes null.
  [[nodiscard]] std::string json() const;
};

struct answer {
  // The operation's result variables in the contract's order, without `error`: for INVOKE
  // statusCode, executedVersion, payload (and payloadEncoding when it is base64), log.
  std::vector<json_field> variables;
  // What only the whole response object shows besides: requestId, functionError, durationMs, ...
  std::vector<json_field> details;
  std::optional<error_object> function_error;
};

struct outcome {
  std::variant<answer, error> what;
  // Some byte of a request may have reached the service.
  bool sent = false;
  // Something was sent, and neither what came back nor what broke proves that nothing ran.
  bool may_have_run = false;
  // Set with an error: enough calls wait here for functions that are throttled, so this one is to
  // be given back as it was, and tried again after this time. Nothing of it ran.
  std::optional<std::chrono::milliseconds> postponed;
  // Facts for messages, metrics and logs.
  std::string function;  // as the input named it
  std::string region;
  std::string request_id;
  int attempts = 0;
  std::chrono::milliseconds call_time{0};
  // Room in memory that a large answer has; let go of when the answer is passed on.
  memory_permit room{};
  // What the modeller should know although the call went well; a sentence each.
  std::vector<std::string> notes;

  [[nodiscard]] const answer* answered() const { return std::get_if<answer>(&what); }
  [[nodiscard]] const error* failed() const { return std::get_if<error>(&what); }
};

}  // namespace connector
