// The outcome of a call: the answer as raw JSON slices, or an error. Part of the door. Plain
// values; any thread.
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

  // {"code":...,"type":...,...}; an empty field becomes null.
  [[nodiscard]] std::string json() const;
};

struct answer {
  // The operation's result variables in the contract's order, without `error`: for INVOKE
  // statusCode, executedVersion, payload (and payloadEncoding when it is base64), log.
  std::vector<json_field> variables;
  // Facts that only the whole response object shows: requestId, functionError, durationMs, ...
  std::vector<json_field> details;
  std::optional<error_object> function_error;
};

// The durable execution of the call has not ended. The worker gives the job back to the engine, and
// asks again later.
struct unfinished {
  std::string execution;          // its ARN, to ask about it
  std::string status;             // a clause for people: "it was started", "it is RUNNING"
  std::string shown = execution;  // for people too
};

struct outcome {
  std::variant<answer, error, unfinished> result;
  // Some byte of a request may have reached the service.
  bool sent = false;
  // A request was sent, and neither the answer nor the failure proves that nothing ran.
  bool may_have_run = false;
  // Set with an error: too many calls wait for throttled functions already, or the operator limits
  // the calls of the function. The worker releases the job without losing a retry, to be tried
  // again after this time. Nothing of the call ran.
  std::optional<std::chrono::milliseconds> postponed;
  bool limited = false;  // postponed by the operator's limit: no error, and no call was made
  // Facts for messages, metrics and logs.
  std::string function;  // as the input named it
  std::string region;
  std::string request_id;
  int attempts = 0;
  std::chrono::milliseconds call_time{0};
  // The memory that a large answer holds, until the answer is sent to the engine.
  memory_permit memory{};
  // Notes for the modeller although the call succeeded; one sentence each.
  std::vector<std::string> notes;

  [[nodiscard]] const answer* answered() const { return std::get_if<answer>(&result); }
  [[nodiscard]] const error* failed() const { return std::get_if<error>(&result); }
  [[nodiscard]] const unfinished* still_runs() const { return std::get_if<unfinished>(&result); }
};

}  // namespace connector
