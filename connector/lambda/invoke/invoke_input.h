// The inputs of INVOKE as typed values, checked; what is wrong with them, if anything. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "connector/lambda/common_inputs.h"
#include "connector/lambda/invoke/function_url.h"

namespace connector::lambda {

enum class invocation_type { request_response, event, dry_run };

// As on the wire: "RequestResponse", "Event", "DryRun".
std::string_view name_of(invocation_type type);

// At most 64 letters, digits, hyphens and underscores, and at least one.
bool is_execution_name(std::string_view text);

struct invoke_input {
  named_function function;
  std::optional<function_url> url;  // in place of the function
  common_inputs frame;
  invocation_type type = invocation_type::request_response;
  bool log_tail = false;               // asked for and possible
  std::optional<std::string> payload;  // the body; nothing: none was given
  std::string client_context;          // JSON text of an object, or empty
  std::string tenant_id;
  std::string durable_name;
  std::string traceparent;
  std::string trace_header;
};

// MISSING_INPUT or INVALID_INPUT for the first thing that is wrong.
result<invoke_input> read_invoke_input(std::vector<input_value> inputs);

}  // namespace connector::lambda
