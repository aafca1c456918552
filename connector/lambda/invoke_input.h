// The inputs of INVOKE as typed values, checked; what is wrong with them, if anything. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/function_name.h"

namespace connector::lambda {

enum class invocation_type { request_response, event, dry_run };

// As on the wire: "RequestResponse", "Event", "DryRun".
std::string_view name_of(invocation_type type);

inline constexpr std::chrono::minutes default_timeout{15};
// A function may run for 15 minutes; the rest is for the way there and back.
inline constexpr std::chrono::milliseconds most_timeout =
    std::chrono::minutes(15) + std::chrono::seconds(30);

struct invoke_input {
  std::string function;          // as given; goes into the path unchanged
  function_reference reference;  // its parts
  std::string qualifier;         // of the input of that name; empty: none, or within the name
  invocation_type type = invocation_type::request_response;
  bool log_tail = false;               // asked for and possible
  std::optional<std::string> payload;  // the body; nothing: none was given
  std::string client_context;          // JSON text of an object, or empty
  std::string tenant_id;
  std::string durable_name;
  std::string traceparent;
  std::string trace_header;
  std::string region;  // of the input or the ARN; empty: the worker's
  std::chrono::milliseconds timeout = default_timeout;
  aws::identity who;
};

// MISSING_INPUT or INVALID_INPUT for the first thing that is wrong.
result<invoke_input> read_invoke_input(std::vector<input_value> inputs);

}  // namespace connector::lambda
